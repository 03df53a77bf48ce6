namespace Sequence.Backtesting;

/// <summary>Whose rules decide when and at what price an order is filled.</summary>
public enum ExecutionProfile
{
    /// <summary>
    /// Ours. Orders of a bar's close are filled from the next open on. Within a bar first what the open reaches, then stops
    /// and limits, stop-losses before take-profits; where the path inside the bar is not known, the worse is taken.
    /// </summary>
    Standard,

    /// <summary>
    /// The semantics of backtesting.py 0.6 for a single asset, its quirks included: sizing at the open with the close's
    /// margin, spread at entry only, final trades closed at the last open.
    /// </summary>
    BacktestingPy,
}
