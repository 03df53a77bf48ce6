namespace Sequence.Forecasting;

/// <summary>The parameters of a forecaster that estimates nothing.</summary>
public sealed record NoParameters
{
    /// <summary>The only instance that is needed.</summary>
    public static readonly NoParameters Instance = new();
}
