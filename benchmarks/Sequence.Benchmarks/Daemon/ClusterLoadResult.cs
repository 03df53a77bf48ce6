using System.Collections.Concurrent;

namespace Sequence.Benchmarks.Daemon;

/// <summary>What came of a load.</summary>
internal sealed class ClusterLoadResult(int series)
{
    private readonly ConcurrentQueue<long>[] _acknowledged = [.. Enumerable.Range(0, series).Select(_ => new ConcurrentQueue<long>())];
    private readonly ConcurrentDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private long _observations;

    /// <summary>Observations acknowledged a second.</summary>
    public double Rate => _observations / TimeProvider.System.GetElapsedTime(_began).TotalSeconds;

    public long Observations => _observations;

    /// <summary>Batches that were refused or not answered, and sent again.</summary>
    public int Repeated => _refused.Values.Sum();

    /// <summary>Why, the most frequent first.</summary>
    public IEnumerable<string> Reasons => _refused.OrderByDescending(one => one.Value).Select(one => $"{one.Value} x {one.Key}");

    public void Acknowledge(int series, int observations)
    {
        _acknowledged[series].Enqueue(TimeProvider.System.GetTimestamp());
        Interlocked.Add(ref _observations, observations);
    }

    public void Refuse(string reason) => _refused.AddOrUpdate(reason, 1, (_, count) => count + 1);

    /// <summary>Time from an instant until every series had an acknowledgement after it; null when one had none.</summary>
    public TimeSpan? AllServedAfter(long instant)
    {
        var first = _acknowledged.Select(times => times.FirstOrDefault(time => time > instant)).ToArray();
        return first.Contains(0) ? null : TimeProvider.System.GetElapsedTime(instant, first.Max());
    }

    /// <summary>Series that had an acknowledgement between two instants.</summary>
    public int ServedBetween(long from, long to) => _acknowledged.Count(times => times.Any(time => time > from && time < to));

    /// <summary>Acknowledgements between two instants.</summary>
    public int AcknowledgedBetween(long from, long to) => _acknowledged.Sum(times => times.Count(time => time > from && time < to));

    /// <summary>Longest time that a series went without an acknowledgement.</summary>
    public TimeSpan LongestGap() => _acknowledged.Max(times => times.Zip(times.Skip(1), (before, after) => TimeProvider.System.GetElapsedTime(before, after)).DefaultIfEmpty().Max());
}
