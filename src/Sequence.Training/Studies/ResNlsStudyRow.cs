namespace Sequence.Training;

/// <summary>One line of the study's tables: a model with a look-back, over its seeds.</summary>
/// <remarks>A spread is the standard deviation over seeds (divided by n - 1), null for a single one.</remarks>
/// <param name="Target">What it was trained to forecast.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="LookBack">Rows it looks at.</param>
/// <param name="Seeds">Number of trainings; 1 for models without a seed.</param>
/// <param name="MeanAbsoluteError">Mean over seeds, in units of the price.</param>
/// <param name="MeanAbsoluteErrorSpread">Its spread.</param>
/// <param name="RootMeanSquaredError">Mean over seeds, in units of the price.</param>
/// <param name="RootMeanSquaredErrorSpread">Its spread.</param>
/// <param name="RelativeError"><paramref name="MeanAbsoluteError"/> divided by persistence's.</param>
/// <param name="MedianPValue">
/// Median over seeds of the two-sided Diebold-Mariano p-value against persistence on absolute errors; null for persistence.
/// </param>
/// <param name="AveragedMeanAbsoluteError">Mean absolute error of the forecast averaged over seeds.</param>
/// <param name="AveragedStatistic">
/// Diebold-Mariano statistic of that averaged forecast against persistence, negative when it is the better one; null for
/// persistence.
/// </param>
/// <param name="AveragedPValue">Its two-sided p-value.</param>
/// <param name="DirectionalAccuracy">
/// Mean over seeds of the share of moves whose sign was forecast, in [0, 1]; null for persistence, which forecasts none.
/// </param>
/// <param name="DirectionalAccuracySpread">Its spread.</param>
/// <param name="Epochs">Mean epochs trained; null for models that are not trained by epochs.</param>
/// <param name="BestEpoch">Mean epoch whose weights were kept, 0 being the start.</param>
public sealed record ResNlsStudyRow(
    ResNlsStudyTarget Target,
    string Model,
    int LookBack,
    int Seeds,
    double MeanAbsoluteError,
    double? MeanAbsoluteErrorSpread,
    double RootMeanSquaredError,
    double? RootMeanSquaredErrorSpread,
    double RelativeError,
    double? MedianPValue,
    double AveragedMeanAbsoluteError,
    double? AveragedStatistic,
    double? AveragedPValue,
    double? DirectionalAccuracy,
    double? DirectionalAccuracySpread,
    double? Epochs,
    double? BestEpoch);
