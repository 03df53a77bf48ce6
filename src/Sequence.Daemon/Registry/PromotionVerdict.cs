namespace Sequence.Daemon.Registry;

/// <summary>What the test says of a version beside the champion.</summary>
/// <param name="IsBetter">Whether it is better at the level asked for.</param>
/// <param name="Series">Series that were looked at.</param>
/// <param name="Times">Event times that were looked at.</param>
/// <param name="Last">The newest of them.</param>
/// <param name="MeanLossDifference">
/// Loss of the champion minus loss of the other, each series' in units of its own mean squared error; above 0 when the other is better.
/// </param>
/// <param name="Statistic">Of Diebold and Mariano; above 0 when the other is better. Null when there are too few times.</param>
/// <param name="PValue">One-sided: the chance of such a statistic when the other is no better.</param>
/// <param name="Reason">In a sentence.</param>
internal sealed record PromotionVerdict(
    bool IsBetter, int Series, int Times, DateTimeOffset? Last, double? MeanLossDifference, double? Statistic, double? PValue, string Reason);
