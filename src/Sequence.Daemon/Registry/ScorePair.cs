namespace Sequence.Daemon.Registry;

/// <summary>One-step errors of two versions from the same origin.</summary>
/// <param name="Time">Event time that was forecast.</param>
/// <param name="Champion">Value minus forecast of the champion.</param>
/// <param name="Other">Value minus forecast of the other version.</param>
internal readonly record struct ScorePair(DateTimeOffset Time, double Champion, double Other);
