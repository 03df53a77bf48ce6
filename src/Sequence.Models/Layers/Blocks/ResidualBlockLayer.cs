using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A residual block: y = u + dropout(f(norm(u))) or norm(u + dropout(f(u))); see <see cref="ResidualBlockDeclaration"/>. The
/// state is that of f.
/// </summary>
public sealed class ResidualBlockLayer(ResidualBlockDeclaration declaration) : SequenceLayer
{
    private readonly SequenceLayer _inner = LayerFactory.Create(declaration.Inner);
    private readonly SequenceLayer? _norm = declaration.Norm is { } norm ? LayerFactory.Create(norm) : null;

    /// <inheritdoc />
    public override ResidualBlockDeclaration Declaration { get; } = declaration;

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training)
    {
        if (_inner is SelectiveLayer or SelectiveScanLayer)
        {
            // Its backward pass asks for the shape of a state that nobody used, by a wrapper that a scope here would have freed.
            return RunMasked();
        }

        // What is made on the way is freed here, but for what the backward pass keeps: the scope of a training step ends only
        // after that.
        using var scope = NewDisposeScope();
        return RunMasked().MoveToOuterDisposeScope();

        Tensor RunMasked() => Run(
            weights, input, mask, training, before => new(_inner.ForwardMasked(weights, before, mask, training), null)).Output;
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState) =>
        Run(weights, input, mask: null, training, before => _inner.ForwardPart(weights, before, state, training, keepState));

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        var before = _norm is not null && Declaration.NormalisedBefore ? _norm.StepPart(weights, input, null).Output : input;
        var inner = _inner.StepPart(weights, before, state);
        var sum = input.add(inner.Output);
        var output = _norm is not null && !Declaration.NormalisedBefore ? _norm.StepPart(weights, sum, null).Output : sum;
        return new(output, inner.State);
    }

    private LayerResult Run(
        IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training, Func<Tensor, LayerResult> run)
    {
        var inner = run(Declaration.NormalisedBefore ? Normalise(weights, input, mask, training) : input);
        var sum = input.add(training?.DropoutOverTime(inner.Output, Declaration.Dropout) ?? inner.Output);
        return new(Declaration.NormalisedBefore ? sum : Normalise(weights, sum, mask, training), inner.State);
    }

    private Tensor Normalise(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training) =>
        _norm?.ForwardMasked(weights, input, mask, training) ?? input;
}
