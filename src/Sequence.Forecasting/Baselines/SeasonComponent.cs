namespace Sequence.Forecasting;

/// <summary>How a season acts on the level.</summary>
public enum SeasonComponent
{
    /// <summary>No season.</summary>
    None,

    /// <summary>It adds to the level.</summary>
    Additive,

    /// <summary>It multiplies the level; needs positive values.</summary>
    Multiplicative,
}
