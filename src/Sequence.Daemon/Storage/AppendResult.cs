namespace Sequence.Daemon.Storage;

/// <summary>What became of an append.</summary>
/// <param name="Outcomes">Of each observation, in the order given.</param>
/// <param name="KnownBefore">
/// Knowledge time of the series' last append before this one (the first instant of the calendar before any): who holds a state
/// of another time has missed an append.
/// </param>
/// <param name="KnownAt">Knowledge time of the series now; that before when everything was a duplicate.</param>
internal sealed record AppendResult(AppendOutcome[] Outcomes, DateTimeOffset KnownBefore, DateTimeOffset KnownAt);
