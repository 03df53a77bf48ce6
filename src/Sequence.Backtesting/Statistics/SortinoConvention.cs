namespace Sequence.Backtesting;

/// <summary>Which ratio is meant by "Sortino".</summary>
public enum SortinoConvention
{
    /// <summary>
    /// mean(r - f) A / D with D = sqrt(mean(min(r - f, 0)^2)) sqrt(A) over all periods, f = (1 + riskFreeRate)^(1/A) - 1.
    /// Sortino and Price, "Performance Measurement in a Downside Risk Framework", 1994; empyrical and quantstats.
    /// </summary>
    DownsideDeviation,

    /// <summary>((1 + g)^A - 1 - riskFreeRate) / D with g as in <see cref="SharpeConvention.Compounded"/>, D below zero. backtesting.py.</summary>
    Compounded,

    /// <summary>
    /// ((1 + mean(r))^A - 1 - riskFreeRate) / (s(r | r &lt; 0) sqrt(A)): the standard deviation (n - 1) of the negative returns
    /// about their own mean, which is not a downside deviation. QuantConnect LEAN.
    /// </summary>
    Lean,
}
