using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// An encoder, residual blocks and a last normalisation; see <see cref="StackDeclaration"/>. The state holds one part
/// for each block.
/// </summary>
public sealed class StackLayer(StackDeclaration declaration) : SequenceLayer
{
    private readonly SequenceLayer _encoder = LayerFactory.Create(declaration.Encoder);
    private readonly ResidualBlockLayer[] _blocks = [.. declaration.Blocks.Select(block => new ResidualBlockLayer(block))];
    private readonly SequenceLayer? _norm = declaration.Norm is { } norm ? LayerFactory.Create(norm) : null;

    /// <inheritdoc />
    public override StackDeclaration Declaration { get; } = declaration;

    /// <summary>The stack over sequences of different lengths, zero after the end of each.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs].</param>
    /// <param name="lengths">Valid length of each sequence, [batch] of int64; null when all are full.</param>
    /// <param name="training">Given in training.</param>
    /// <returns>[batch, length, features]; what stands after the end of a sequence means nothing.</returns>
    public Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? lengths, TrainingPass? training)
    {
        var mask = lengths is null
            ? null
            : arange(input.shape[1], device: input.device).unsqueeze(0).lt(lengths.unsqueeze(1)).to(input.dtype).unsqueeze(2);
        var features = Encode(weights, input);
        foreach (var block in _blocks)
        {
            features = block.ForwardMasked(weights, features, mask, training);
        }

        return _norm?.ForwardPart(weights, features, null, training, keepState: false).Output ?? features;
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireParts(state);
        var features = Encode(weights, input);
        var parts = new LayerState?[_blocks.Length];
        for (var block = 0; block < _blocks.Length; block++)
        {
            var result = _blocks[block].ForwardPart(weights, features, state?.Parts[block], training, keepState);
            (features, parts[block]) = (result.Output, result.State);
        }

        features = _norm?.ForwardPart(weights, features, null, training, keepState: false).Output ?? features;
        return new(features, keepState ? LayerState.Of(parts) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireParts(state);
        var features = _encoder.StepPart(weights, input, null).Output;
        var parts = new LayerState?[_blocks.Length];
        for (var block = 0; block < _blocks.Length; block++)
        {
            var result = _blocks[block].StepPart(weights, features, state?.Parts[block]);
            (features, parts[block]) = (result.Output, result.State);
        }

        return new(_norm?.StepPart(weights, features, null).Output ?? features, LayerState.Of(parts));
    }

    private Tensor Encode(IWeightSource weights, Tensor input) =>
        _encoder.ForwardPart(weights, input, null, training: null, keepState: false).Output;

    private void RequireParts(LayerState? state)
    {
        RequireState(state, []);
        if (state is not null && state.Parts.Count != _blocks.Length)
        {
            throw new ModelException(
                $"The state of stack '{Declaration.Prefix}' has {_blocks.Length} parts, {state.Parts.Count} were given.");
        }
    }
}
