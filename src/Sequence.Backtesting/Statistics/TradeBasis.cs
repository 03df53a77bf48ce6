namespace Sequence.Backtesting;

/// <summary>What a trade is measured in.</summary>
public enum TradeBasis
{
    /// <summary><see cref="ClosedTrade.ProfitLoss"/>, in cash: large trades weigh more.</summary>
    Cash,

    /// <summary><see cref="ClosedTrade.Return"/>, a fraction of the entry's worth: every trade weighs the same. backtesting.py.</summary>
    Return,
}
