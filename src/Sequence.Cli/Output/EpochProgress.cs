using Sequence.Training;

namespace Sequence.Cli;

/// <summary>Turns the progress of a training into a share of its epochs.</summary>
internal sealed class EpochProgress(IProgress<double> share) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => share.Report((value.Epoch - 1 + value.EpochShare) / value.Epochs);
}
