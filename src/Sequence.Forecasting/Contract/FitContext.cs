namespace Sequence.Forecasting;

/// <summary>What a fit is told beside its data. A forecaster leaves alone what it has no use for.</summary>
public sealed record FitContext
{
    /// <summary>A model the same forecaster fitted before, to start from.</summary>
    /// <value>Default: null, which fits from cold.</value>
    public IForecastModel? WarmStart { get; init; }

    /// <summary>
    /// The end of the history that decides when to stop. These rows are part of the history and lie before the origin. A
    /// forecaster that needs no such part is fitted on all rows.
    /// </summary>
    /// <value>Default: null, which leaves it to the forecaster's own options.</value>
    public ValidationPart? Validation { get; init; }

    /// <summary>Seed of everything random in the fit.</summary>
    /// <value>Default: null, which leaves it to the forecaster's own options.</value>
    public ulong? Seed { get; init; }
}
