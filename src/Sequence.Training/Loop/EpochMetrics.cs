using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>What one epoch brought; a line of metrics.jsonl.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's examples, as trained (with dropout), in scaled units.</param>
/// <param name="ValidationLoss">Loss on the validation slice after the epoch; null without one.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="ValidationAccuracy">
/// Share of the validation slice whose class is found, in [0, 1]; null without a slice or without classes, and then not
/// written.
/// </param>
public sealed record EpochMetrics(
    int Epoch,
    double TrainingLoss,
    double? ValidationLoss,
    double LearningRate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ValidationAccuracy = null);
