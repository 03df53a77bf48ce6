namespace Sequence.Forecasting;

/// <summary>Which rows before an origin a model may see.</summary>
public enum TrainingWindow
{
    /// <summary>All of them.</summary>
    Expanding,

    /// <summary>A fixed number, the latest.</summary>
    Rolling,
}
