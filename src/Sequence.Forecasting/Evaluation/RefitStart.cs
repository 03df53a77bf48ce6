namespace Sequence.Forecasting;

/// <summary>Where a fit after the first begins.</summary>
public enum RefitStart
{
    /// <summary>From nothing, as if the folds before had not been.</summary>
    Cold,

    /// <summary>From the model fitted before.</summary>
    Warm,
}
