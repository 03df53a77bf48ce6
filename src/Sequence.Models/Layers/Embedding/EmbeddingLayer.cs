using Sequence.Streaming;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A table of token vectors: y[k] = W[u[k]]. It has no state.</summary>
public sealed class EmbeddingLayer(EmbeddingDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override EmbeddingDeclaration Declaration { get; } = declaration;

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState) =>
        new(Map(weights, input), null);

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        new(Map(weights, input), null);

    private Tensor Map(IWeightSource weights, Tensor input)
    {
        RequireTokens(input);
        var rows = weights.Get(Declaration.WeightName("weight")).index_select(0, input.reshape(-1).to(ScalarType.Int64));
        return rows.reshape([.. input.shape[..^1], Declaration.Features]);
    }

    // An index outside of the table ends the process on some devices.
    private void RequireTokens(Tensor input)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        foreach (var number in input.to(ScalarType.Float32).cpu().contiguous().AsSpan<float>())
        {
            _ = Declaration.Token(number);
        }
    }
}
