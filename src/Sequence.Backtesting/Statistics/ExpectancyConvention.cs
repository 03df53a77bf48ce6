namespace Sequence.Backtesting;

/// <summary>What a trade is expected to bring.</summary>
public enum ExpectancyConvention
{
    /// <summary>Mean of <see cref="ClosedTrade.Return"/>, a fraction. backtesting.py.</summary>
    MeanReturn,

    /// <summary>Mean of <see cref="ClosedTrade.ProfitLoss"/>, in cash.</summary>
    MeanCash,

    /// <summary>W P - (1 - W), W the win rate and P the payoff ratio in cash: gain for each unit of average loss. QuantConnect LEAN.</summary>
    Lean,
}
