using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>What a strategy is held against.</summary>
/// <param name="Name">Name in charts and tables.</param>
/// <param name="Equity">Its worth; drawn from the strategy's worth at the first bar, whatever it starts with itself.</param>
public sealed record BenchmarkCurve(string Name, EquityCurve Equity);
