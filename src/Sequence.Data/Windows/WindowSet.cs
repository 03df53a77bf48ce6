namespace Sequence.Data.Windows;

/// <summary>
/// All windows of a series, made by sliding one row at a time: window i looks back on rows i .. i + lookBack - 1 and
/// forward on rows i + lookBack .. i + lookBack + horizon - 1. Nothing is copied.
/// </summary>
public sealed class WindowSet
{
    /// <summary>Lays windows over a series' target.</summary>
    /// <exception cref="ConfigurationException">The look-back or the horizon is below 1.</exception>
    /// <exception cref="DataFormatException">The series is shorter than look-back + horizon.</exception>
    public WindowSet(TimeSeries series, int lookBack, int horizon)
        : this((series ?? throw new ArgumentNullException(nameof(series))).Values, lookBack, horizon, $"Series '{series.Id}'")
    {
    }

    /// <summary>Lays windows over contiguous values, for example scaled ones.</summary>
    /// <exception cref="ConfigurationException">The look-back or the horizon is below 1.</exception>
    /// <exception cref="DataFormatException">There are fewer than look-back + horizon values.</exception>
    public WindowSet(ReadOnlyMemory<double> values, int lookBack, int horizon)
        : this(values, lookBack, horizon, "The series")
    {
    }

    private WindowSet(ReadOnlyMemory<double> values, int lookBack, int horizon, string subject)
    {
        List<string> faults = [];
        if (lookBack < 1)
        {
            faults.Add($"The look-back is {lookBack}; it must be at least 1.");
        }

        if (horizon < 1)
        {
            faults.Add($"The horizon is {horizon}; it must be at least 1.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var needed = (long)lookBack + horizon;
        if (values.Length < needed)
        {
            throw new DataFormatException(
                $"{subject} has {values.Length} rows, but a window of look-back {lookBack} and horizon {horizon} needs " +
                $"{needed}. Give more rows or choose a shorter look-back or horizon.");
        }

        Values = values;
        LookBack = lookBack;
        Horizon = horizon;
    }

    /// <summary>The values under the windows.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>Rows each window looks back on.</summary>
    public int LookBack { get; }

    /// <summary>Rows each window looks forward on.</summary>
    public int Horizon { get; }

    /// <summary>Number of windows: rows - lookBack - horizon + 1.</summary>
    public int Count => Values.Length - LookBack - Horizon + 1;

    /// <summary>The window that starts at row <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in 0 .. Count - 1.</exception>
    public Window this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var span = Values.Span;
            return new Window(span.Slice(index, LookBack), span.Slice(index + LookBack, Horizon));
        }
    }
}
