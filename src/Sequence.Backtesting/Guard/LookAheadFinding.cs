namespace Sequence.Backtesting;

/// <summary>A sign that a strategy uses what it cannot know.</summary>
/// <param name="Kind">What kind of sign.</param>
/// <param name="Bar">Index of the market's bar of the decision.</param>
/// <param name="Time">Time of that bar.</param>
/// <param name="OnAllBars">What was decided on the whole market; null for nothing.</param>
/// <param name="OnCutBars">What was decided on the market cut short; null for nothing or where nothing was cut.</param>
/// <param name="BarsLeft">Bars of the market cut short; those of the whole market where nothing was cut.</param>
/// <param name="Message">What was found, where, and what to look for.</param>
public sealed record LookAheadFinding(
    LookAheadFindingKind Kind, int Bar, DateTimeOffset Time, string? OnAllBars, string? OnCutBars, int BarsLeft, string Message);
