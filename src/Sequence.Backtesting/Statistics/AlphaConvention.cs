namespace Sequence.Backtesting;

/// <summary>How alpha is brought to a year; r are returns, b the benchmark's, f the risk-free return a period, A periods a year.</summary>
public enum AlphaConvention
{
    /// <summary>(1 + mean(r - f - beta (b - f)))^A - 1. empyrical.</summary>
    Compounded,

    /// <summary>A mean(r - f - beta (b - f)): Jensen's alpha, annualised without compounding. quantstats.</summary>
    Arithmetic,

    /// <summary>P(r) - riskFreeRate - beta (P(b) - riskFreeRate) with P(x) = (1 + mean(x))^A - 1. QuantConnect LEAN.</summary>
    Lean,
}
