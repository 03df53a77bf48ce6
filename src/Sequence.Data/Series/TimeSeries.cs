namespace Sequence.Data;

/// <summary>
/// One series on a regular grid: an identifier, strictly increasing UTC timestamps, a target value for each, and
/// covariates. Immutable; a slice shares the arrays of the series it was cut from.
/// </summary>
/// <remarks>Missing values are NaN; MissingValues resolves them by an explicit policy.</remarks>
public sealed class TimeSeries
{
    private static readonly IReadOnlyDictionary<string, ReadOnlyMemory<double>> NoCovariates =
        new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal);

    private static readonly IReadOnlyDictionary<string, double> NoStatics =
        new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Creates a series.</summary>
    /// <param name="id">Identifier, unique within a panel.</param>
    /// <param name="frequency">Spacing of the grid.</param>
    /// <param name="timestamps">Strictly increasing, one for each value.</param>
    /// <param name="values">The target, NaN where missing.</param>
    /// <param name="pastCovariates">By name: values known up to the origin, same length as the target.</param>
    /// <param name="futureCovariates">By name: values known ahead, at least as long as the target.</param>
    /// <param name="staticCovariates">By name: one value for the whole series.</param>
    /// <exception cref="DataFormatException">Lengths differ, or timestamps do not increase.</exception>
    public TimeSeries(
        string id,
        Frequency frequency,
        ReadOnlyMemory<DateTimeOffset> timestamps,
        ReadOnlyMemory<double> values,
        IReadOnlyDictionary<string, ReadOnlyMemory<double>>? pastCovariates = null,
        IReadOnlyDictionary<string, ReadOnlyMemory<double>>? futureCovariates = null,
        IReadOnlyDictionary<string, double>? staticCovariates = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(frequency);
        if (timestamps.Length != values.Length)
        {
            throw new DataFormatException(
                $"Series '{id}' has {timestamps.Length} timestamps but {values.Length} values; give one for each.");
        }

        var times = timestamps.Span;
        for (var index = 1; index < times.Length; index++)
        {
            if (times[index] <= times[index - 1])
            {
                throw new DataFormatException(
                    $"Series '{id}' is not in order: row {index} ({times[index]:u}) does not come after row {index - 1} " +
                    $"({times[index - 1]:u}). Sort it and remove duplicates first.");
            }
        }

        Id = id;
        Frequency = frequency;
        Timestamps = timestamps;
        Values = values;
        PastCovariates = pastCovariates ?? NoCovariates;
        FutureCovariates = futureCovariates ?? NoCovariates;
        StaticCovariates = staticCovariates ?? NoStatics;
        foreach (var (name, column) in PastCovariates)
        {
            if (column.Length != values.Length)
            {
                throw new DataFormatException(
                    $"Past covariate '{name}' of series '{id}' has {column.Length} values, the target has {values.Length}.");
            }
        }

        foreach (var (name, column) in FutureCovariates)
        {
            if (column.Length < values.Length)
            {
                throw new DataFormatException(
                    $"Future covariate '{name}' of series '{id}' has {column.Length} values, the target has {values.Length}.");
            }
        }
    }

    /// <summary>Identifier, unique within a panel.</summary>
    public string Id { get; }

    /// <summary>Spacing of the grid.</summary>
    public Frequency Frequency { get; }

    /// <summary>Number of rows.</summary>
    public int Length => Values.Length;

    /// <summary>Strictly increasing, one for each row.</summary>
    public ReadOnlyMemory<DateTimeOffset> Timestamps { get; }

    /// <summary>The target, NaN where missing.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>By name: values known up to the origin; [Length] each.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<double>> PastCovariates { get; }

    /// <summary>By name: values known ahead; at least [Length] each, index 0 is the first row.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<double>> FutureCovariates { get; }

    /// <summary>By name: one value for the whole series.</summary>
    public IReadOnlyDictionary<string, double> StaticCovariates { get; }

    /// <summary>
    /// Rows start .. start + length - 1, without copying. Future covariates keep what is known past the end.
    /// </summary>
    public TimeSeries Slice(int start, int length) => new(
        Id,
        Frequency,
        Timestamps.Slice(start, length),
        Values.Slice(start, length),
        PastCovariates.ToDictionary(pair => pair.Key, pair => pair.Value.Slice(start, length), StringComparer.Ordinal),
        FutureCovariates.ToDictionary(pair => pair.Key, pair => pair.Value[start..], StringComparer.Ordinal),
        StaticCovariates);

    /// <summary>The timestamps of the next rows after the last one, by the frequency.</summary>
    public DateTimeOffset[] FutureTimestamps(int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(horizon);
        if (Length == 0)
        {
            throw new DataFormatException($"Series '{Id}' is empty, so it has no next timestamp.");
        }

        var anchor = TimeGrid.Anchor(Frequency, Timestamps.Span);
        var rows = Frequency.Months is null ? null : Frequency.RowsBetween(Timestamps.Span[anchor], Timestamps.Span[^1]);
        var last = Timestamps.Span[^1];
        var future = new DateTimeOffset[horizon];
        for (var step = 0; step < horizon; step++)
        {
            last = rows is { } known ? Frequency.Add(Timestamps.Span[anchor], known + step + 1) : Frequency.Add(last, 1);
            future[step] = last;
        }

        return future;
    }
}
