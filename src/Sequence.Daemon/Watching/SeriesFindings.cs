namespace Sequence.Daemon.Watching;

/// <summary>What has drifted in one series.</summary>
/// <param name="Id">The series.</param>
/// <param name="Findings">Oldest first.</param>
internal sealed record SeriesFindings(string Id, IReadOnlyList<DriftFinding> Findings);
