namespace Sequence.LongRangeArena;

/// <summary>A row of the table.</summary>
/// <param name="Model">The model as its source names it.</param>
/// <param name="Scores">Accuracy by name of the task; a task that is missing was not run, or failed.</param>
/// <param name="Source">Where it is published; or preset, data and hardware of our own.</param>
/// <param name="IsOwn">Whether it was made here.</param>
/// <param name="IsComparable">Whether it is of the published tasks: every published row is.</param>
public sealed record ArenaRow(
    string Model, IReadOnlyDictionary<string, ArenaScore> Scores, string Source, bool IsOwn, bool IsComparable)
{
    private const string PathX = "path-x";

    /// <summary>
    /// Mean over all six tasks, in per cent. Path-X counts as 50, a guess, where the row has no figure for it: so the S4
    /// paper averages models that fail on it. Null where another task is missing.
    /// </summary>
    public double? AverageWithPathX => AverageWithoutPathX is { } five
        ? ((5 * five) + (Scores.TryGetValue(PathX, out var score) ? score.Mean : 100 * ArenaTasks.Get(PathX).Chance)) / 6
        : null;

    /// <summary>
    /// Mean over the five tasks without Path-X, in per cent: so the arena's authors average. Null where one is missing.
    /// </summary>
    public double? AverageWithoutPathX
    {
        get
        {
            var five = ArenaTasks.Published.Where(task => task.Name != PathX).Select(task => Scores.GetValueOrDefault(task.Name)).ToArray();
            return Array.Exists(five, score => score is null) ? null : five.Average(score => score!.Mean);
        }
    }
}
