namespace Sequence.Training;

/// <summary>One training of <see cref="ResNlsStudy"/> and what its forecasts of the test rows are worth.</summary>
/// <param name="Target">What it was trained to forecast.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="LookBack">Rows of its window.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1; 0 for the start.</param>
/// <param name="MeanAbsoluteError">In units of the price.</param>
/// <param name="RootMeanSquaredError">In units of the price.</param>
/// <param name="DirectionalAccuracy">Share of moves whose sign was forecast, in [0, 1].</param>
/// <param name="DieboldMarianoPValue">Two-sided, against persistence, on absolute errors.</param>
public sealed record ResNlsStudyTraining(
    ResNlsStudyTarget Target,
    string Model,
    int LookBack,
    int Seed,
    int Epochs,
    int BestEpoch,
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double DirectionalAccuracy,
    double DieboldMarianoPValue);
