namespace Sequence.Daemon.Engine;

/// <summary>What state a series is in.</summary>
/// <param name="ModelVersion">Content hash of the checkpoint, or name and version of the baseline.</param>
/// <param name="StateHash">SHA-256 of the state.</param>
/// <param name="LastEventTime">Event time of the newest observation; null before the first.</param>
/// <param name="Refused">Observations kept in the store that the model could not take.</param>
/// <param name="LastRefusal">Why it could not take the last of them.</param>
[GenerateSerializer]
[Immutable]
internal sealed record SeriesStatus(
    string ModelVersion, string StateHash, DateTimeOffset? LastEventTime, long Refused, string? LastRefusal);
