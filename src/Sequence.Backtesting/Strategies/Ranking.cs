namespace Sequence.Backtesting;

/// <summary>Assets by a score, highest first, equal ones in the order added; used again at every bar.</summary>
internal sealed class Ranking(int capacity)
{
    private readonly (double Score, int Asset)[] _entries = new (double, int)[capacity];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(int asset, double score) => _entries[_count++] = (score, asset);

    /// <summary>Weighs the best by 1 / count each and, with shorts, the worst by -1 / count.</summary>
    public void Weigh(int count, bool shortLowest, Span<double> weights)
    {
        weights.Clear();
        var entries = _entries.AsSpan(0, _count);
        entries.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Asset.CompareTo(b.Asset));
        var longs = Math.Min(count, entries.Length);
        foreach (var (_, asset) in entries[..longs])
        {
            weights[asset] = 1.0 / count;
        }

        var shorts = shortLowest ? Math.Min(count, entries.Length - longs) : 0;
        foreach (var (_, asset) in entries[^shorts..])
        {
            weights[asset] = -1.0 / count;
        }
    }
}
