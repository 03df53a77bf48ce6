namespace Sequence.Backtesting;

/// <summary>What a backtest has to tell beside its trades.</summary>
public enum BacktestEventKind
{
    /// <summary>An order could not be afforded or was not allowed when it would have been filled.</summary>
    OrderRejected,

    /// <summary>A stop-loss or take-profit lay inside the bar of its entry and was left to the next bar.</summary>
    BracketDeferred,

    /// <summary>The account fell below its maintenance margin and positions are cut.</summary>
    MarginCall,

    /// <summary>The account came to nothing; everything was closed.</summary>
    Bankruptcy,

    /// <summary>A share split was applied.</summary>
    Split,

    /// <summary>A dividend was paid or received.</summary>
    Dividend,

    /// <summary>Trades were open at the end.</summary>
    OpenAtEnd,
}
