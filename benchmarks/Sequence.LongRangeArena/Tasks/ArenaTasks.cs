namespace Sequence.LongRangeArena;

/// <summary>Every task of the arena.</summary>
public static class ArenaTasks
{
    /// <summary>The tasks of the published tables, in their order.</summary>
    public static IReadOnlyList<ArenaTask> Published { get; } =
        [new ListOpsTask(), new TextTask(), new RetrievalTask(), new ImageTask(), PathfinderTask.Pathfinder, PathfinderTask.PathX];

    /// <summary>Those, and ours.</summary>
    public static IReadOnlyList<ArenaTask> All { get; } = [.. Published, new PassagesTask()];

    /// <summary>The task of this name.</summary>
    /// <exception cref="ConfigurationException">There is none; the message names the nearest.</exception>
    public static ArenaTask Get(string name) =>
        All.FirstOrDefault(task => string.Equals(task.Name, name, StringComparison.OrdinalIgnoreCase)) ??
        throw Names.Unknown("task", name, [.. All.Select(task => task.Name)]);
}
