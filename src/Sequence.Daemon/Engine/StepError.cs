namespace Sequence.Daemon.Engine;

/// <summary>What a one-step forecast missed by.</summary>
/// <param name="Time">Event time that was forecast.</param>
/// <param name="Error">Value minus forecast.</param>
internal readonly record struct StepError(DateTimeOffset Time, double Error);
