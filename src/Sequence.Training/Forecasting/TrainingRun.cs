using System.Text.Json;
using Sequence.Data;

namespace Sequence.Training;

/// <summary>
/// A folder that a training keeps its state and metrics in: training-state.safetensors, from which a stopped run goes on,
/// and metrics.jsonl, one <see cref="EpochMetrics"/> a line.
/// </summary>
/// <param name="directory">The folder; created when the first file is written.</param>
public sealed class TrainingRun(string directory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>File of the training state.</summary>
    public string StatePath { get; } = Path.Combine(directory, "training-state.safetensors");

    /// <summary>File of the metrics.</summary>
    public string MetricsPath { get; } = Path.Combine(directory, "metrics.jsonl");

    /// <summary>Whether an earlier training was stopped here.</summary>
    public bool CanResume => File.Exists(StatePath);

    /// <summary>The state of the stopped training.</summary>
    /// <exception cref="CheckpointException">There is none, or it cannot be read.</exception>
    public TrainingState ReadState() => TrainingStateFile.Read(StatePath);

    /// <summary>Keeps a state and the metrics so far.</summary>
    /// <exception cref="SequenceException">They cannot be written.</exception>
    public void Save(TrainingState state)
    {
        TrainingStateFile.Write(StatePath, state);
        WriteMetrics(state.History);
    }

    /// <summary>Keeps the metrics of a finished training and removes its state; for when its model is kept.</summary>
    /// <exception cref="SequenceException">They cannot be written.</exception>
    public void Finish(TrainingResult result)
    {
        WriteMetrics(result.History);
        File.Delete(StatePath);
    }

    private void WriteMetrics(IReadOnlyList<EpochMetrics> history) => AtomicFile.Write(
        MetricsPath,
        stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            foreach (var epoch in history)
            {
                writer.Write(JsonSerializer.Serialize(epoch, Json) + "\n");
            }
        },
        createFolder: true);
}
