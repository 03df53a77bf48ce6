using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// What a backtest runs over: one or more assets on the union of their bars' times, with splits and dividends. An asset may
/// start later, end earlier or miss bars; it is then worth its last close and cannot be traded.
/// </summary>
public sealed class Market
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>Creates a market.</summary>
    /// <param name="assets">At least one; symbols are unique.</param>
    /// <param name="splits">Share splits.</param>
    /// <param name="dividends">Cash dividends.</param>
    /// <exception cref="ConfigurationException">Lists every fault: no asset, a symbol twice, an action that cannot be.</exception>
    public Market(IReadOnlyList<BarSeries> assets, IReadOnlyList<Split>? splits = null, IReadOnlyList<Dividend>? dividends = null)
    {
        ArgumentNullException.ThrowIfNull(assets);
        Assets = assets;
        Splits = splits ?? [];
        Dividends = dividends ?? [];
        var faults = new List<string>();
        if (assets.Count == 0)
        {
            faults.Add("A market needs at least one asset.");
        }

        for (var index = 0; index < assets.Count; index++)
        {
            if (!_index.TryAdd(assets[index].Asset, index))
            {
                faults.Add($"The asset '{assets[index].Asset}' is there twice; symbols must be unique.");
            }
        }

        foreach (var split in Splits.Where(split => split.Ratio is not (> 0 and < double.PositiveInfinity)))
        {
            faults.Add($"The split of '{split.Asset}' at {split.Time:u} has the ratio {split.Ratio}; it must be positive.");
        }

        foreach (var dividend in Dividends.Where(dividend => dividend.Amount is not (> 0 and < double.PositiveInfinity)))
        {
            faults.Add($"The dividend of '{dividend.Asset}' at {dividend.Time:u} is {dividend.Amount}; it must be positive.");
        }

        foreach (var asset in Splits.Select(split => split.Asset).Concat(Dividends.Select(dividend => dividend.Asset)).Distinct(StringComparer.Ordinal))
        {
            if (!_index.ContainsKey(asset))
            {
                faults.Add($"A split or dividend is of '{asset}', which is no asset of the market.");
            }
        }

        ConfigurationException.ThrowIfAny(faults);
        Times = assets.Count == 1 ? assets[0].Times : Union(assets);
    }

    /// <summary>Creates a market of assets without splits or dividends.</summary>
    /// <inheritdoc cref="Market(IReadOnlyList{BarSeries}, IReadOnlyList{Split}?, IReadOnlyList{Dividend}?)" />
    public Market(params BarSeries[] assets)
        : this((IReadOnlyList<BarSeries>)assets)
    {
    }

    /// <summary>The assets, in the order given.</summary>
    public IReadOnlyList<BarSeries> Assets { get; }

    /// <summary>Share splits.</summary>
    public IReadOnlyList<Split> Splits { get; }

    /// <summary>Cash dividends.</summary>
    public IReadOnlyList<Dividend> Dividends { get; }

    /// <summary>The union of the assets' times, strictly increasing: a bar of the market is one of these.</summary>
    public ReadOnlyMemory<DateTimeOffset> Times { get; }

    /// <summary>Number of bars of the market.</summary>
    public int Length => Times.Length;

    /// <summary>An asset by its symbol.</summary>
    /// <exception cref="OrderException">There is none of this symbol.</exception>
    public BarSeries this[string asset] => Assets[IndexOf(asset)];

    /// <summary>Position of an asset in <see cref="Assets"/>.</summary>
    /// <exception cref="OrderException">There is none of this symbol.</exception>
    public int IndexOf(string asset)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return _index.TryGetValue(asset, out var index)
            ? index
            : throw new OrderException(
                $"There is no asset '{asset}' in this market; it has {string.Join(", ", Assets.Take(10).Select(series => series.Asset))}" +
                (Assets.Count > 10 ? $" and {Assets.Count - 10} more." : "."));
    }

    /// <summary>
    /// The market as it was known after its first bars: everything later is cut off. An asset that had no bar yet stays, empty.
    /// </summary>
    /// <param name="bars">How many bars to keep; at least 1.</param>
    public Market Truncate(int bars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bars, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bars, Length);
        var last = Times.Span[bars - 1];
        return new Market(
            Assets.Select(series => series.Slice(0, RowsUpTo(series.Times.Span, last))).ToArray(),
            Splits.Where(split => split.Time <= last).ToArray(),
            Dividends.Where(dividend => dividend.Time <= last).ToArray());
    }

    /// <summary>The closes of all assets as a panel to forecast.</summary>
    /// <param name="frequency">Spacing of the bars.</param>
    public Panel ToPanel(Frequency frequency) => new(Assets.Select(series => series.ToTimeSeries(frequency)).ToArray());

    private static int RowsUpTo(ReadOnlySpan<DateTimeOffset> times, DateTimeOffset last)
    {
        var index = times.BinarySearch(last);
        return index >= 0 ? index + 1 : ~index;
    }

    private static DateTimeOffset[] Union(IReadOnlyList<BarSeries> assets)
    {
        var all = new List<DateTimeOffset>(assets.Max(series => series.Length) + 16);
        var seen = new HashSet<DateTimeOffset>();
        foreach (var series in assets)
        {
            foreach (var time in series.Times.Span)
            {
                if (seen.Add(time))
                {
                    all.Add(time);
                }
            }
        }

        all.Sort();
        return [.. all];
    }
}
