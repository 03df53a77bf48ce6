using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// An encoder, positions, residual blocks and a last normalisation; see <see cref="StackDeclaration"/>. The state holds
/// one part for each block and, where there are positions, the next one, [batch, 1] in float64.
/// </summary>
public sealed class StackLayer(StackDeclaration declaration) : SequenceLayer
{
    private readonly SequenceLayer _encoder = LayerFactory.Create(declaration.Encoder);
    private readonly ResidualBlockLayer[] _blocks = [.. declaration.Blocks.Select(block => new ResidualBlockLayer(block))];
    private readonly double[] _frequencies = declaration.Positions == PositionEncoding.Sinusoidal
        ? SinusoidalPositions.Frequencies(declaration.Features)
        : [];

    private readonly SequenceLayer? _norm = declaration.Norm is { } norm ? LayerFactory.Create(norm) : null;

    /// <inheritdoc />
    public override StackDeclaration Declaration { get; } = declaration;

    /// <summary>The stack over sequences of different lengths, given by these rather than by a mask.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs].</param>
    /// <param name="lengths">Valid length of each sequence, [batch] of int64; null when all are full.</param>
    /// <param name="training">Given in training.</param>
    /// <returns>[batch, length, features]; what stands after the end of a sequence means nothing.</returns>
    public new Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? lengths, TrainingPass? training)
    {
        var mask = lengths is null
            ? null
            : arange(input.shape[1], device: input.device).unsqueeze(0).lt(lengths.unsqueeze(1)).to(input.dtype).unsqueeze(2);
        var features = AddPositions(Encode(weights, input), first: null);
        foreach (var block in _blocks)
        {
            features = block.ForwardMasked(weights, features, mask, training);
        }

        return _norm?.ForwardMasked(weights, features, mask, training) ?? features;
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireParts(state, input.shape[0]);
        var first = FirstPosition(input, state);
        var features = AddPositions(Encode(weights, input), first);
        var parts = new LayerState?[_blocks.Length];
        for (var block = 0; block < _blocks.Length; block++)
        {
            var result = _blocks[block].ForwardPart(weights, features, state?.Parts[block], training, keepState);
            (features, parts[block]) = (result.Output, result.State);
        }

        features = _norm?.ForwardPart(weights, features, null, training, keepState: false).Output ?? features;
        return new(features, keepState ? StateAfter(first, input.shape[1], parts) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireParts(state, input.shape[0]);
        var first = FirstPosition(input, state);
        var features = AddPositions(_encoder.StepPart(weights, input, null).Output.unsqueeze(1), first).squeeze(1);
        var parts = new LayerState?[_blocks.Length];
        for (var block = 0; block < _blocks.Length; block++)
        {
            var result = _blocks[block].StepPart(weights, features, state?.Parts[block]);
            (features, parts[block]) = (result.Output, result.State);
        }

        return new(_norm?.StepPart(weights, features, null).Output ?? features, StateAfter(first, 1, parts));
    }

    private Tensor Encode(IWeightSource weights, Tensor input) =>
        _encoder.ForwardPart(weights, input, null, training: null, keepState: false).Output;

    /// <summary>The position of the first input, [batch, 1]; null where the stack has no positions.</summary>
    private Tensor? FirstPosition(Tensor input, LayerState? state) => _frequencies.Length == 0
        ? null
        : state?.Tensors[0] ?? zeros([input.shape[0], 1], dtype: ScalarType.Float64, device: input.device);

    private static LayerState StateAfter(Tensor? first, long length, LayerState?[] parts) => first is null
        ? LayerState.Of(parts)
        : new([first.add(tensor((double)length, dtype: ScalarType.Float64, device: first.device))]) { Parts = parts };

    /// <summary>Adds the encoding of the positions from the first on, or from 0, to features [batch, length, features].</summary>
    private Tensor AddPositions(Tensor features, Tensor? first)
    {
        if (_frequencies.Length == 0)
        {
            return features;
        }

        // In double precision: a single-precision angle would be wrong from a few thousand positions on.
        var positions = arange(features.shape[1], dtype: ScalarType.Float64, device: features.device).unsqueeze(0);
        var angles = (first is null ? positions : positions.add(first))
            .unsqueeze(2)
            .mul(tensor(_frequencies, dtype: ScalarType.Float64, device: features.device));
        var encoding = stack([angles.sin(), angles.cos()], dim: 3).flatten(2).narrow(2, 0, features.shape[2]);
        return features.add(encoding.to(features.dtype));
    }

    private void RequireParts(LayerState? state, long batch)
    {
        RequireState(state, _frequencies.Length == 0 ? [] : [[batch, 1]]);
        if (state is not null && state.Parts.Count != _blocks.Length)
        {
            throw new ModelException(
                $"The state of stack '{Declaration.Prefix}' has {_blocks.Length} parts, {state.Parts.Count} were given.");
        }
    }
}
