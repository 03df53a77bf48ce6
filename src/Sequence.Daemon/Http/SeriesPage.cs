namespace Sequence.Daemon.Http;

/// <summary>Part of the list of series.</summary>
/// <param name="Series">In the order of their ids.</param>
/// <param name="After">What to give as after for the next part; null at the end.</param>
internal sealed record SeriesPage(SeriesView[] Series, string? After);
