namespace Sequence.Backtesting;

/// <summary>What the squared drawdowns of the ulcer index are divided by.</summary>
public enum UlcerConvention
{
    /// <summary>n, the number of bars. Martin and McCann, "The Investor's Guide to Fidelity Funds", 1989.</summary>
    Martin,

    /// <summary>n - 1. quantstats.</summary>
    QuantStats,
}
