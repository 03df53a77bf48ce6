namespace Sequence.Backtesting;

/// <summary>What makes a trial the best.</summary>
public enum SweepMeasure
{
    /// <summary>The highest Sharpe ratio.</summary>
    Sharpe,

    /// <summary>The highest total return.</summary>
    TotalReturn,

    /// <summary>The smallest greatest drawdown.</summary>
    MaximumDrawdown,
}
