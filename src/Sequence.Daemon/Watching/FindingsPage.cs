namespace Sequence.Daemon.Watching;

/// <summary>Part of the list of series in which something was found.</summary>
/// <param name="Series">In the order of their identifiers.</param>
/// <param name="After">What to give as after for the next part; null at the end.</param>
internal sealed record FindingsPage(IReadOnlyList<SeriesFindings> Series, string? After);
