using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The step of a table of token vectors: y = W[u]. It has no state.</summary>
public sealed class EmbeddingPlan : StepPlan
{
    private readonly EmbeddingDeclaration _declaration;
    private readonly float[] _table;

    internal EmbeddingPlan(EmbeddingDeclaration declaration, CheckpointWeights weights)
    {
        _declaration = declaration;
        _table = weights.Singles(declaration.WeightName("weight"));
    }

    /// <inheritdoc />
    public override int InputSize => 1;

    /// <inheritdoc />
    public override int OutputSize => _declaration.Features;

    /// <inheritdoc />
    public override int StateSize => 0;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output) =>
        _table.AsSpan(_declaration.Token(input[0]) * OutputSize, OutputSize).CopyTo(output);
}
