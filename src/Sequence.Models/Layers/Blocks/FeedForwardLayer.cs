using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>The feed-forward layer of a Transformer; see <see cref="FeedForwardDeclaration"/>. No state.</summary>
public sealed class FeedForwardLayer : SequenceLayer
{
    private readonly LinearLayer _first;
    private readonly LinearLayer _second;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public FeedForwardLayer(FeedForwardDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
        _first = new LinearLayer(declaration.First);
        _second = new LinearLayer(declaration.Second);
    }

    /// <inheritdoc />
    public override FeedForwardDeclaration Declaration { get; }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        var hidden = nn.functional.gelu(_first.Map(weights, input));
        return new(_second.Map(weights, training?.DropoutOverTime(hidden, Declaration.Dropout) ?? hidden), null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        ForwardCore(weights, input, state, training: null, keepState: false);
}
