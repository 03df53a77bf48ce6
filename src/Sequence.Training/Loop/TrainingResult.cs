namespace Sequence.Training;

/// <summary>A finished training.</summary>
/// <param name="Weights">The best weights by validation loss, or the last ones without a validation slice.</param>
/// <param name="BestEpoch">
/// The epoch they are from, counted from 1; 0 for the starting weights, when no epoch improved on them.
/// </param>
/// <param name="ValidationLoss">Their loss on the validation slice; null without one.</param>
/// <param name="History">Every epoch in order.</param>
/// <param name="ValidationAccuracy">Their accuracy on the validation slice; null without one or without classes.</param>
/// <param name="Elapsed">Time trained, over all runs of a resumed training.</param>
public sealed record TrainingResult(
    IReadOnlyDictionary<string, float[]> Weights,
    int BestEpoch,
    double? ValidationLoss,
    IReadOnlyList<EpochMetrics> History,
    double? ValidationAccuracy = null,
    TimeSpan Elapsed = default);
