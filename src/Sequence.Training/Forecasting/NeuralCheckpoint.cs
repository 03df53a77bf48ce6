using System.Reflection;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Training;

/// <summary>Writes fitted neural models as checkpoints.</summary>
public static class NeuralCheckpoint
{
    /// <summary>Writes a checkpoint directory, replacing one that is there as a whole.</summary>
    /// <param name="directory">The checkpoint's directory.</param>
    /// <param name="model">A <see cref="NeuralForecastModel"/>, or a <see cref="CalibratedModel"/> around one.</param>
    /// <param name="history">What it was fitted on.</param>
    /// <param name="target">Name of the target column.</param>
    /// <param name="metrics">Accuracy to keep with the model, by name; values that are not finite are left out.</param>
    /// <param name="createdAt">Now.</param>
    /// <exception cref="ModelException">The model is of another kind.</exception>
    /// <exception cref="CheckpointException">The directory cannot be written.</exception>
    public static void Write(
        string directory,
        IForecastModel model,
        Panel history,
        string target,
        IReadOnlyDictionary<string, double> metrics,
        DateTimeOffset createdAt)
    {
        var calibrated = model as CalibratedModel;
        if ((calibrated?.Inner ?? model) is not NeuralForecastModel neural)
        {
            throw new ModelException($"{model.Name} is not a neural model, so it has no checkpoint.");
        }

        var manifest = new ModelManifest
        {
            Name = neural.Name,
            Architecture = ManifestSections.ToJson(neural.Architecture),
            Target = target,
            Inputs = [target],
            Frequency = history[0].Frequency.ToString(),
            Scalers = neural.Scalers,
            Calibration = calibrated is null ? null : ManifestSections.ToJson(calibrated.Calibrations),
            DataFingerprint = DataFingerprint.Compute(history),
            Metrics = metrics.Where(metric => double.IsFinite(metric.Value))
                .ToDictionary(metric => metric.Key, metric => metric.Value, StringComparer.Ordinal),
            Seed = neural.Options.Training.Seed,
            CreatedAt = createdAt,
            Versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["sequence"] = VersionOf(typeof(NeuralCheckpoint).Assembly),
                ["torchSharp"] = VersionOf(typeof(TorchSharp.torch).Assembly),
                ["runtime"] = Environment.Version.ToString(),
            },
        };
        Checkpoint.Write(
            directory, manifest, CheckpointWeights.FromSingles(neural.Architecture.Weights, neural.Weights));
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
