namespace Sequence.Forecasting;

/// <summary>How exponential smoothing continues a trend.</summary>
public enum TrendComponent
{
    /// <summary>No trend.</summary>
    None,

    /// <summary>A straight line.</summary>
    Additive,

    /// <summary>A line that flattens out by a factor every row.</summary>
    Damped,
}
