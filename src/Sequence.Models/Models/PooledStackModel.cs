using System.Text.Json;
using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>What classifiers and regressors of whole sequences share: a stack, a pool over the valid length, a linear head.</summary>
public abstract class PooledStackModel : SequenceModel
{
    private readonly PooledStackLayer _layer;

    private protected PooledStackModel(PooledStackDeclaration declaration)
    {
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
        Weights = declaration.Weights;
        _layer = new PooledStackLayer(declaration);
    }

    /// <summary>The model as a layer: what its checkpoint holds and its streaming plan is made of.</summary>
    public PooledStackDeclaration Declaration { get; }

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights { get; }

    /// <inheritdoc />
    public override int Features => Declaration.Inputs;

    /// <inheritdoc />
    public override int Outputs => Declaration.Outputs;

    /// <inheritdoc />
    public override string Description => JsonSerializer.Serialize(
        new { Declaration.Inputs, Declaration.Outputs, Declaration.Length, Declaration.Options });

    /// <inheritdoc />
    protected override Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training) =>
        _layer.Answer(weights, inputs, lengths, training);
}
