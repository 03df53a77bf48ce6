namespace Sequence.Daemon.Storage;

/// <summary>The level that the intervals of a promised level were made at.</summary>
/// <param name="Level">Promised coverage in percent.</param>
/// <param name="Effective">The level the calibration was asked at, in percent; may lie outside 0 to 100, where the widest or narrowest is meant.</param>
/// <param name="IsWidest">Whether the calibration could not give as much, so that its widest interval was taken.</param>
[GenerateSerializer]
[Immutable]
internal sealed record EffectiveLevel(double Level, double Effective, bool IsWidest);
