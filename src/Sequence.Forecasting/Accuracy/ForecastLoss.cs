namespace Sequence.Forecasting;

/// <summary>What a forecast error costs.</summary>
public enum ForecastLoss
{
    /// <summary>The error squared.</summary>
    Squared,

    /// <summary>The absolute error.</summary>
    Absolute,
}
