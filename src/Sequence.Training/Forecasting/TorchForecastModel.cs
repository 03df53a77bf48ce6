using Sequence.Data.Checkpoints;
using Sequence.Forecasting;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>
/// A checkpoint's model evaluated by libtorch: the reference that the streaming plans are compared with, and the way for
/// models without one.
/// </summary>
public sealed class TorchForecastModel : WindowForecastModel, IDisposable
{
    private readonly ComputeThread _compute;
    private readonly WindowModel _model;
    private readonly ParameterSet _weights;

    private TorchForecastModel(Checkpoint checkpoint, Architecture architecture)
        : base(checkpoint.Manifest.Name, architecture, checkpoint.Manifest.Scalers)
    {
        Manifest = checkpoint.Manifest;
        _model = WindowModel.Create(architecture);
        _compute = new ComputeThread("forecasting");
        _weights = _compute.Run(() => ParameterSet.FromSingles(
            architecture.Weights,
            architecture.Weights.ToDictionary(
                weight => weight.Name, weight => checkpoint.Weights.Singles(weight.Name), StringComparer.Ordinal)));
    }

    /// <summary>What the checkpoint says of itself.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Opens a checkpoint, with intervals when it is calibrated.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <exception cref="Sequence.Data.CheckpointException">It is missing, corrupt, of a newer schema, or does not fit
    /// together.</exception>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded.</exception>
    public static IForecastModel Open(string directory)
    {
        var checkpoint = Checkpoint.Read(directory);
        var path = Path.Combine(directory, Checkpoint.ManifestFile);
        var architecture = ManifestSections.ReadArchitecture(checkpoint.Manifest, path);
        checkpoint.Weights.Validate(architecture.Weights, Path.Combine(directory, Checkpoint.WeightsFile));
        var model = new TorchForecastModel(checkpoint, architecture);
        var calibrations = ManifestSections.ReadCalibrations(checkpoint.Manifest, path);
        return calibrations.Count == 0 ? model : new CalibratedModel(model, calibrations);
    }

    /// <summary>Frees the weights and ends the compute thread.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        _compute.Dispose();
    }

    /// <inheritdoc />
    protected override void Evaluate(ReadOnlySpan<float> window, Span<float> output) => EvaluateBatch(window, output, 1);

    /// <inheritdoc />
    protected override void EvaluateBatch(ReadOnlySpan<float> windows, Span<float> outputs, int count)
    {
        var values = windows.ToArray();
        _compute.Run(() =>
        {
            using var inference = inference_mode();
            var input = tensor(values).reshape(count, Architecture.LookBack, Architecture.Features);
            return _model.Forward(_weights, input).data<float>().ToArray();
        }).CopyTo(outputs);
    }
}
