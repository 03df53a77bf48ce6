namespace Sequence.Data;

/// <summary>Which columns of a table make a series, and what to do where the table is not clean.</summary>
/// <remarks>
/// Where future covariates are asked for, trailing rows without target and past covariates are read as values known ahead:
/// they lengthen the future covariates, not the series.
/// </remarks>
public record SeriesReaderOptions
{
    /// <summary>
    /// The column of timestamps.
    /// </summary>
    /// <value>
    /// Null (the default) finds it: a column called date, time, timestamp, datetime or ds in any case, else month, year,
    /// quarter, week or day, else the first column when it has no name.
    /// </value>
    public string? Timestamp { get; init; }

    /// <summary>The column to forecast.</summary>
    /// <value>Null (the default) takes the only column that has no other part to play.</value>
    public string? Target { get; init; }

    /// <summary>The column that says which series a row belongs to.</summary>
    /// <value>Null (the default) reads one series, called by the name of the target.</value>
    public string? Id { get; init; }

    /// <summary>Columns known up to the origin.</summary>
    public IReadOnlyList<string> PastCovariates { get; init; } = [];

    /// <summary>Columns known ahead.</summary>
    public IReadOnlyList<string> FutureCovariates { get; init; } = [];

    /// <summary>Columns with one value for the whole series.</summary>
    public IReadOnlyList<string> StaticCovariates { get; init; } = [];

    /// <summary>What to do about equal timestamps.</summary>
    /// <value>The default refuses them.</value>
    public DuplicatePolicy Duplicates { get; init; }

    /// <summary>What to do about timestamps out of order.</summary>
    /// <value>The default refuses them.</value>
    public DisorderPolicy Disorder { get; init; }

    /// <summary>What to do about empty cells and about rows missing in the grid.</summary>
    /// <value>The default refuses them.</value>
    public MissingValuePolicy MissingValues { get; init; }

    /// <summary>The spacing of the rows; the data is checked against it.</summary>
    /// <value>Null (the default) infers it.</value>
    public Frequency? Frequency { get; init; }

    internal void Validate()
    {
        List<string> faults = [.. FormatFaults()];
        string[] names =
        [
            .. new[] { Timestamp, Target, Id }.OfType<string>(), .. PastCovariates, .. FutureCovariates, .. StaticCovariates,
        ];
        foreach (var name in names.CountBy(name => name, StringComparer.Ordinal).Where(pair => pair.Value > 1))
        {
            faults.Add($"Column '{name.Key}' is given {name.Value} parts to play; a column has one.");
        }

        if (!Enum.IsDefined(Duplicates) || !Enum.IsDefined(Disorder) || !Enum.IsDefined(MissingValues))
        {
            faults.Add($"Unknown policy: duplicates {Duplicates}, disorder {Disorder}, missing values {MissingValues}.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>Faults of the options that belong to one file format.</summary>
    private protected virtual IEnumerable<string> FormatFaults() => [];
}
