namespace Sequence.Data;

/// <summary>Parsed rows in the order they were read, with the place each came from.</summary>
/// <param name="file">The file, or null.</param>
/// <param name="rowWord">What a row is called in messages: "line" of a text file, otherwise "row".</param>
/// <param name="plan">The columns.</param>
internal sealed class SeriesTable(string? file, string rowWord, ColumnPlan plan)
{
    public string? File { get; } = file;

    public string RowWord { get; } = rowWord;

    public ColumnPlan Plan { get; } = plan;

    public List<DateTimeOffset> Timestamps { get; } = [];

    public List<string> Ids { get; } = [];

    /// <summary>Line or row number of each row, counted from 1.</summary>
    public List<long> Numbers { get; } = [];

    /// <summary>One list for each of the plan's numeric columns.</summary>
    public IReadOnlyList<List<double>> Columns { get; } = [.. plan.Values.Select(_ => new List<double>())];

    public DataFormatException Fault(string message, long? number = null, int? columnIndex = null) =>
        new(message, File, number, columnIndex + 1);
}
