namespace Sequence.Data.Scalers;

/// <summary>The scalers one can ask for by name.</summary>
public enum ScalerKind
{
    /// <summary>Values as they are ("none").</summary>
    None,

    /// <summary>z-scores ("standard").</summary>
    Standard,

    /// <summary>The training range on [0, 1] ("min-max").</summary>
    MinMax,

    /// <summary>Median and interquartile range ("robust").</summary>
    Robust,

    /// <summary>First differences, then z-scores of them ("difference").</summary>
    Difference,

    /// <summary>Log-returns, then z-scores of them ("log-return").</summary>
    LogReturn,
}
