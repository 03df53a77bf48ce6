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
