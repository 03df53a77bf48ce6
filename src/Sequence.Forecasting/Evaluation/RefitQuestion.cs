namespace Sequence.Forecasting;

/// <summary>What is known at the origin of a fold when it is decided whether to fit there.</summary>
/// <param name="Fold">The fold.</param>
/// <param name="Origin">Timestamp of its last training row.</param>
/// <param name="LastFitFold">Number of the fold of the last fit.</param>
/// <param name="LastFitOrigin">Timestamp of the last training row of that fold.</param>
/// <param name="Known">
/// The forecasts of the last fitted model whose target lies at or before the origin, in order of the target. Forecasts
/// whose outcome is not known yet are not among them.
/// </param>
public sealed record RefitQuestion(
    RollingOriginFold Fold,
    DateTimeOffset Origin,
    int LastFitFold,
    DateTimeOffset LastFitOrigin,
    IReadOnlyList<ForecastRow> Known)
{
    /// <summary>How many folds ago the last fit was; at least 1.</summary>
    public int FoldsSinceFit => Fold.Index - LastFitFold;
}
