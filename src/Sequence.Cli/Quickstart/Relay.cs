using Sequence.Training;

namespace Sequence.Cli.Quickstart;

/// <summary>Passes the progress of whichever training is under way to whoever listens now.</summary>
internal sealed class Relay : IProgress<TrainingProgress>
{
    public IProgress<TrainingProgress>? Listener { get; set; }

    public void Report(TrainingProgress value) => Listener?.Report(value);
}
