namespace Sequence.Backtesting;

/// <summary>Which ratio is meant by "Sharpe". Libraries differ; on one equity curve the three may be far apart.</summary>
public enum SharpeConvention
{
    /// <summary>
    /// mean(r - f) / s(r - f) sqrt(A): arithmetic mean over standard deviation (n - 1) of excess returns a period, times the root
    /// of the periods a year; f = (1 + riskFreeRate)^(1/A) - 1. Sharpe, "The Sharpe Ratio", 1994; empyrical and quantstats.
    /// </summary>
    MeanOverStd,

    /// <summary>
    /// (R - riskFreeRate) / V with R = (1 + g)^A - 1, g the geometric mean return a period (0 when one return is -100 per cent
    /// or worse), and V = sqrt((s^2 + (1 + g)^2)^A - (1 + g)^(2A)), the volatility of a compounded year. backtesting.py.
    /// </summary>
    Compounded,

    /// <summary>((1 + mean(r))^A - 1 - riskFreeRate) / (s(r) sqrt(A)). QuantConnect LEAN.</summary>
    Lean,
}
