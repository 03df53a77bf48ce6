namespace Sequence.Reporting;

/// <summary>The losses of a training by epoch.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Training">Loss on the training part; index 0 is the first epoch.</param>
/// <param name="Validation">Loss on the validation part, or empty when there was none.</param>
/// <param name="BestEpoch">The epoch that was kept, counted from 1; 0 for the starting weights; or null.</param>
public sealed record TrainingCurve(string Model, double[] Training, double[] Validation, int? BestEpoch);
