namespace Sequence.Backtesting;

/// <summary>Which estimate of skewness is meant; m[k] is the k-th central moment, divided by n.</summary>
public enum SkewnessConvention
{
    /// <summary>g = m[3] / m[2]^1.5. scipy's default, and what the probabilistic Sharpe ratio asks for.</summary>
    Population,

    /// <summary>g sqrt(n (n - 1)) / (n - 2), for n of at least 3. pandas, Excel, quantstats.</summary>
    Sample,
}
