namespace Sequence.Backtesting;

/// <summary>Something that happened in a backtest beside fills.</summary>
/// <param name="Kind">What.</param>
/// <param name="Bar">Index of the market's bar.</param>
/// <param name="Time">Time of that bar.</param>
/// <param name="Asset">Symbol of the asset; null when it concerns the account.</param>
/// <param name="Message">One sentence.</param>
public sealed record BacktestEvent(BacktestEventKind Kind, int Bar, DateTimeOffset Time, string? Asset, string Message);
