namespace Sequence.Daemon.Watching;

/// <summary>How the test on errors stands.</summary>
/// <param name="Errors">One-step errors since it began.</param>
/// <param name="Excess">How far the sum of Page-Hinkley stands above its minimum, in usual errors.</param>
/// <param name="Threshold">What it must pass.</param>
[GenerateSerializer]
[Immutable]
internal sealed record ErrorDriftReport(int Errors, double Excess, double Threshold);
