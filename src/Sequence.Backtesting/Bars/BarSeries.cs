using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// The bars of one asset: strictly increasing UTC times, prices with low &lt;= open, close &lt;= high, all positive, and
/// optionally volumes and further columns known at each bar's close. Immutable; a slice shares its arrays.
/// </summary>
public sealed class BarSeries
{
    private static readonly IReadOnlyDictionary<string, ReadOnlyMemory<double>> NoCovariates =
        new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal);

    /// <summary>Creates a series from its columns, all of one length.</summary>
    /// <param name="asset">Symbol, unique within a market.</param>
    /// <param name="times">Times of the bars, UTC, strictly increasing.</param>
    /// <param name="open">First prices.</param>
    /// <param name="high">Highest prices.</param>
    /// <param name="low">Lowest prices.</param>
    /// <param name="close">Last prices.</param>
    /// <param name="volume">Units traded, not negative; empty when not known.</param>
    /// <param name="covariates">Further columns by name, known at the bar's close; NaN where missing.</param>
    /// <exception cref="DataFormatException">Names the first bar that cannot be, and why.</exception>
    public BarSeries(
        string asset,
        ReadOnlyMemory<DateTimeOffset> times,
        ReadOnlyMemory<double> open,
        ReadOnlyMemory<double> high,
        ReadOnlyMemory<double> low,
        ReadOnlyMemory<double> close,
        ReadOnlyMemory<double> volume = default,
        IReadOnlyDictionary<string, ReadOnlyMemory<double>>? covariates = null)
        : this(asset, times, [open, high, low, close, volume], covariates ?? NoCovariates)
    {
        if (BarCheck.Fault(this) is { } fault)
        {
            throw new DataFormatException(fault);
        }
    }

    private BarSeries(
        string asset,
        ReadOnlyMemory<DateTimeOffset> times,
        ReadOnlyMemory<double>[] columns,
        IReadOnlyDictionary<string, ReadOnlyMemory<double>> covariates)
    {
        ArgumentNullException.ThrowIfNull(asset);
        Asset = asset;
        Times = times;
        Open = columns[0];
        High = columns[1];
        Low = columns[2];
        Close = columns[3];
        Volume = columns[4];
        Covariates = covariates;
    }

    /// <summary>Symbol, unique within a market.</summary>
    public string Asset { get; }

    /// <summary>Number of bars.</summary>
    public int Length => Times.Length;

    /// <summary>Times of the bars, UTC, strictly increasing.</summary>
    public ReadOnlyMemory<DateTimeOffset> Times { get; }

    /// <summary>First prices.</summary>
    public ReadOnlyMemory<double> Open { get; }

    /// <summary>Highest prices.</summary>
    public ReadOnlyMemory<double> High { get; }

    /// <summary>Lowest prices.</summary>
    public ReadOnlyMemory<double> Low { get; }

    /// <summary>Last prices.</summary>
    public ReadOnlyMemory<double> Close { get; }

    /// <summary>Units traded; empty when not known.</summary>
    public ReadOnlyMemory<double> Volume { get; }

    /// <summary>Further columns by name, known at the bar's close.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<double>> Covariates { get; }

    /// <summary>One bar.</summary>
    /// <param name="index">From 0.</param>
    public Bar this[int index] => new(
        Times.Span[index],
        Open.Span[index],
        High.Span[index],
        Low.Span[index],
        Close.Span[index],
        Volume.IsEmpty ? double.NaN : Volume.Span[index]);

    /// <summary>Makes a series of whole bars.</summary>
    /// <param name="asset">Symbol, unique within a market.</param>
    /// <param name="bars">In order of time.</param>
    /// <exception cref="DataFormatException">Names the first bar that cannot be, and why.</exception>
    public static BarSeries FromBars(string asset, IReadOnlyList<Bar> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        double[] Column(Func<Bar, double> value) => bars.Select(value).ToArray();
        var volume = bars.Any(bar => double.IsNaN(bar.Volume)) ? [] : Column(bar => bar.Volume);
        return new BarSeries(
            asset,
            bars.Select(bar => bar.Time).ToArray(),
            Column(bar => bar.Open),
            Column(bar => bar.High),
            Column(bar => bar.Low),
            Column(bar => bar.Close),
            volume);
    }

    /// <summary>Makes bars of a single price: open, high, low and close are the value. For series that have no more.</summary>
    /// <param name="series">Positive values without gaps.</param>
    /// <exception cref="DataFormatException">A value is missing or not positive.</exception>
    public static BarSeries FromPrices(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return new BarSeries(
            series.Id, series.Timestamps, series.Values, series.Values, series.Values, series.Values, default, series.PastCovariates);
    }

    /// <summary>The closes as a series to forecast.</summary>
    /// <param name="frequency">Spacing of the bars.</param>
    public TimeSeries ToTimeSeries(Frequency frequency) =>
        new(Asset, frequency, Times, Close, pastCovariates: Covariates);

    /// <summary>Bars start .. start + length - 1, without copying.</summary>
    public BarSeries Slice(int start, int length) => new(
        Asset,
        Times.Slice(start, length),
        [
            Open.Slice(start, length),
            High.Slice(start, length),
            Low.Slice(start, length),
            Close.Slice(start, length),
            Volume.IsEmpty ? default : Volume.Slice(start, length),
        ],
        Covariates.ToDictionary(pair => pair.Key, pair => pair.Value.Slice(start, length), StringComparer.Ordinal));
}
