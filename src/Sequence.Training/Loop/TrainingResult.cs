namespace Sequence.Training;

/// <summary>A finished training.</summary>
/// <param name="Weights">The best weights by validation loss, or the last ones without a validation slice.</param>
/// <param name="BestEpoch">The epoch they are from, counted from 1.</param>
/// <param name="History">Every epoch in order.</param>
public sealed record TrainingResult(
    IReadOnlyDictionary<string, float[]> Weights, int BestEpoch, IReadOnlyList<EpochMetrics> History);
