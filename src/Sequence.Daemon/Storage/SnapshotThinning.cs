namespace Sequence.Daemon.Storage;

/// <summary>
/// Which snapshots of a series a store keeps: the newest two, all that are far apart for their age, and the oldest. One goes
/// when its neighbours are no further apart than the newer of them is old, so that of n snapshots at equal distances about
/// 2 log2(n) stay, and a replay from any event time of age d begins at an age of at most 2 d, or one distance earlier.
/// </summary>
internal static class SnapshotThinning
{
    /// <summary>Those to delete.</summary>
    /// <param name="events">Event times of a series' snapshots under one model version, in ticks, newest first.</param>
    public static IReadOnlyList<long> Dispensable(IReadOnlyList<long> events)
    {
        List<long> dispensable = [];
        var newer = 0;
        for (var index = 1; index < events.Count - 1; index++)
        {
            if (events[newer] - events[index + 1] <= events[0] - events[newer])
            {
                dispensable.Add(events[index]);
            }
            else
            {
                newer = index;
            }
        }

        return dispensable;
    }
}
