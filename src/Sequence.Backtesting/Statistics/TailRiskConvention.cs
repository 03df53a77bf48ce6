namespace Sequence.Backtesting;

/// <summary>How the return at a tail probability is estimated.</summary>
public enum TailRiskConvention
{
    /// <summary>
    /// Value at risk is the percentile of the returns, linear between order statistics; the conditional value is the mean of the
    /// floor((n - 1) p) + 1 lowest returns. empyrical.
    /// </summary>
    Historical,

    /// <summary>
    /// Value at risk is mean + s z(p), the quantile of a normal distribution with the returns' mean and standard deviation (n - 1);
    /// the conditional value is the mean of the returns below it, or the value at risk where there are none. quantstats and LEAN.
    /// </summary>
    Normal,
}
