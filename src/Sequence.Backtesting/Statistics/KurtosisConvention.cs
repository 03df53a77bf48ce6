namespace Sequence.Backtesting;

/// <summary>Which estimate of kurtosis is meant; m[k] is the k-th central moment, divided by n. A normal distribution has 3, or an excess of 0.</summary>
public enum KurtosisConvention
{
    /// <summary>g = m[4] / m[2]^2, not in excess. What the probabilistic Sharpe ratio asks for.</summary>
    Population,

    /// <summary>g - 3. scipy's default.</summary>
    PopulationExcess,

    /// <summary>(n - 1) / ((n - 2) (n - 3)) ((n + 1) (g - 3) + 6), for n of at least 4. pandas, Excel, MathNet, quantstats.</summary>
    SampleExcess,
}
