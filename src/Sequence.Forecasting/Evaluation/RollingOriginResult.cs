namespace Sequence.Forecasting;

/// <summary>Outcome of a rolling-origin evaluation.</summary>
/// <param name="Forecaster">Name of the forecaster.</param>
/// <param name="Folds">Number of folds run.</param>
/// <param name="Fits">At how many of them a model was fitted.</param>
/// <param name="Table">Every forecast value.</param>
/// <param name="Accuracy">Accuracy over all of them.</param>
/// <param name="AccuracyByStep">Accuracy by steps ahead, from 1 up.</param>
/// <param name="FitFolds">Numbers of the folds at which a model was fitted.</param>
/// <param name="IsPartial">Whether the time budget ended it before its last fold.</param>
public sealed record RollingOriginResult(
    string Forecaster,
    int Folds,
    int Fits,
    ForecastTable Table,
    AccuracyReport Accuracy,
    IReadOnlyDictionary<int, AccuracyReport> AccuracyByStep,
    IReadOnlyList<int> FitFolds,
    bool IsPartial);
