namespace Sequence.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">Epoch under way, counted from 1.</param>
/// <param name="Epochs">Most epochs there will be.</param>
/// <param name="EpochShare">Share of the epoch done, in [0, 1].</param>
/// <param name="Finished">Metrics of the epoch, when it has just ended.</param>
/// <param name="Elapsed">Time trained, over all runs of a resumed training.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, double EpochShare, EpochMetrics? Finished, TimeSpan Elapsed = default);
