namespace Sequence.Daemon.Storage;

/// <summary>
/// Which snapshots of a series a store keeps: those of a few model versions, and of each of these the newest two, all that are far apart for their age, and the oldest. One goes
/// when its neighbours are no further apart than the newer of them is old, so that of n snapshots at equal distances about
/// 2 log2(n) stay, and a replay from any event time of age d begins at an age of at most 2 d, or one distance earlier.
/// </summary>
internal static class SnapshotThinning
{
    /// <summary>
    /// Model versions of a series whose snapshots stay: as many as can be in use at once (champion, the one before, challenger
    /// and shadow).
    /// </summary>
    public const int Versions = 4;

    /// <summary>The model versions whose snapshots are to be deleted: all but those that know the newest appends, and never one just saved.</summary>
    /// <param name="versions">Those of a series, each with the newest knowledge time of its snapshots, in ticks.</param>
    /// <param name="saved">Those of which a snapshot is being stored.</param>
    public static IEnumerable<string> OldVersions(IEnumerable<(string Version, long Known)> versions, IReadOnlyCollection<string> saved) =>
        versions.OrderByDescending(one => saved.Contains(one.Version, StringComparer.Ordinal)).ThenByDescending(one => one.Known)
            .Skip(Versions).Select(one => one.Version).Except(saved, StringComparer.Ordinal);

    /// <summary>Those of one model version to delete.</summary>
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
