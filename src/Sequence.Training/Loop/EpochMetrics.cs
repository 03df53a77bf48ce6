namespace Sequence.Training;

/// <summary>What one epoch brought; a line of metrics.jsonl.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's examples, as trained (with dropout), in scaled units.</param>
/// <param name="ValidationLoss">Loss on the validation slice after the epoch; null without one.</param>
/// <param name="LearningRate">Learning rate of the epoch.</param>
public sealed record EpochMetrics(int Epoch, double TrainingLoss, double? ValidationLoss, double LearningRate);
