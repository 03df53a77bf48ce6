namespace Sequence.Data.Csv;

/// <summary>How to read series from delimited text.</summary>
public sealed record CsvSeriesOptions : SeriesReaderOptions
{
    /// <summary>What lies between two fields.</summary>
    /// <value>Null (the default) finds out which of comma, semicolon, tab and bar it is.</value>
    public char? Delimiter { get; init; }

    /// <summary>Fields that mean a missing value, compared exactly after trimming spaces.</summary>
    /// <value>The default is: nothing at all, null, NULL, NA, N/A, NaN, nan, -.</value>
    public IReadOnlyList<string> NullTokens { get; init; } = ["", "null", "NULL", "NA", "N/A", "NaN", "nan", "-"];

    /// <summary>The format of the timestamps in .NET notation, for example "dd.MM.yyyy".</summary>
    /// <value>Null (the default) accepts the usual ones; of 1/2/2024 the month comes first.</value>
    public string? TimestampFormat { get; init; }

    private protected override IEnumerable<string> FormatFaults()
    {
        if (Delimiter is { } delimiter && delimiter != '\t' && (delimiter is '"' or < ' ' or > '~'))
        {
            yield return $"The delimiter '{delimiter}' must be a tab or a printable ASCII character other than a quote.";
        }
    }
}
