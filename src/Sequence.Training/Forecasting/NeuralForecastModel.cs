using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Streaming;

namespace Sequence.Training;

/// <summary>
/// A model that a <see cref="NeuralForecaster"/> fitted. It is evaluated by the streaming plan of its weights, as it will
/// be when it is served from its checkpoint.
/// </summary>
public sealed class NeuralForecastModel : WindowForecastModel
{
    private readonly WindowPlan _plan;

    internal NeuralForecastModel(
        NeuralForecasterOptions options, IReadOnlyDictionary<string, Scaler> scalers, TrainingResult result)
        : base(options.Name, options.Architecture, scalers)
    {
        Training = result;
        Options = options;
        _plan = PlanCompiler.Compile(
            options.Architecture, CheckpointWeights.FromSingles(options.Architecture.Weights, result.Weights));
    }

    /// <summary>What was asked for.</summary>
    public NeuralForecasterOptions Options { get; }

    /// <summary>The training that made it.</summary>
    public TrainingResult Training { get; }

    /// <summary>Its weights by name.</summary>
    public IReadOnlyDictionary<string, float[]> Weights => Training.Weights;

    /// <inheritdoc />
    protected override void Evaluate(ReadOnlySpan<float> window, Span<float> output) => _plan.Evaluate(window, output);
}
