using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>A checkpoint opened for serving, without libtorch.</summary>
public sealed class StreamingModel
{
    private StreamingModel(ModelManifest manifest, WindowPlan plan)
    {
        Manifest = manifest;
        Plan = plan;
    }

    /// <summary>What model.json says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>What the model computes.</summary>
    public Architecture Architecture => Plan.Architecture;

    /// <summary>The model as a step function; thread-safe.</summary>
    public WindowPlan Plan { get; }

    /// <summary>Starts running along one series, before its first observation.</summary>
    /// <param name="series">Identifier of a series the model was trained on; null where it was trained on one only.</param>
    /// <exception cref="DataFormatException">The model was not trained on that series, or on several and none is named.</exception>
    /// <exception cref="ModelException">The model takes other inputs than the target.</exception>
    public RunningForecast Start(string? series = null)
    {
        if (Architecture.Features != 1)
        {
            throw new ModelException(
                $"Model '{Manifest.Name}' takes {Architecture.Features} inputs a row; streaming the target alone needs 1.");
        }

        var name = series ?? (Manifest.Scalers.Count == 1 ? Manifest.Scalers.Keys.First() : string.Empty);
        return Manifest.Scalers.TryGetValue(name, out var scaler)
            ? new RunningForecast(this, name, scaler)
            : throw new DataFormatException(
                $"Model '{Manifest.Name}' was trained on {Manifest.Scalers.Count} series: " +
                $"{string.Join(", ", Manifest.Scalers.Keys.Order(StringComparer.Ordinal).Take(5))}. Name one of them, not '{series}'.");
    }

    /// <summary>Reads, checks and compiles a checkpoint.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <exception cref="CheckpointException">It is missing, cut, corrupt, of a newer schema, or its weights do not fit its
    /// architecture; names the first fault.</exception>
    public static StreamingModel Open(string directory)
    {
        var checkpoint = Checkpoint.Read(directory);
        var architecture = ManifestSections.ReadArchitecture(
            checkpoint.Manifest, Path.Combine(directory, Checkpoint.ManifestFile));
        var plan = PlanCompiler.Compile(
            architecture, checkpoint.Weights, Path.Combine(directory, Checkpoint.WeightsFile));
        return new StreamingModel(checkpoint.Manifest, plan);
    }
}
