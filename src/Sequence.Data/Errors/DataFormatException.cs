namespace Sequence.Data;

/// <summary>
/// Data that cannot be read as what it claims to be: text in a number, a timestamp out of order, a missing column.
/// </summary>
public sealed class DataFormatException : SequenceException
{
    /// <summary>Creates the exception. The message is prefixed with file:line:column as far as they are known.</summary>
    public DataFormatException(
        string message, string? file = null, long? line = null, int? column = null, Exception? innerException = null)
        : base(Locate(file, line, column) + message, innerException)
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The file, or null when the data did not come from one.</summary>
    public string? File { get; }

    /// <summary>The line, counted from 1, or null when the fault has none.</summary>
    public long? Line { get; }

    /// <summary>The column (field), counted from 1, or null when the fault has none.</summary>
    public int? Column { get; }

    private static string Locate(string? file, long? line, int? column)
    {
        var parts = new[] { file, line?.ToString(), column?.ToString() }.Where(part => part is not null);
        var place = string.Join(':', parts);
        return place.Length == 0 ? string.Empty : place + ": ";
    }
}
