namespace Sequence.Data;

/// <summary>Why timestamps lie on no regular grid: the first row at fault, counted from 0, and what is odd about it.</summary>
internal sealed record GridFault(int Row, string Message)
{
    public DataFormatException ToException() => new($"Row {Row}: {Message}");
}
