using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>The step of a <see cref="StateSpaceBlockDeclaration"/>. The state is the core's.</summary>
public sealed class StateSpaceBlockPlan : StepPlan
{
    private readonly StepPlan _core;
    private readonly AffineMap _output;
    private readonly bool _gated;

    internal StateSpaceBlockPlan(StateSpaceBlockDeclaration declaration, CheckpointWeights weights)
    {
        _core = PlanCompiler.Compile(declaration.Core, weights);
        _output = AffineMap.Of(declaration.Output, weights);
        _gated = declaration.Gated;
    }

    /// <inheritdoc />
    public override int InputSize => _core.InputSize;

    /// <inheritdoc />
    public override int OutputSize => _core.InputSize;

    /// <inheritdoc />
    public override int StateSize => _core.StateSize;

    /// <inheritdoc />
    public override void Reset(Span<float> state) => _core.Reset(state);

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var active = new Scratch(_core.OutputSize);
        _core.StepPart(input, state, active.Values);
        Activations.Gelu(active.Values, active.Values);
        if (!_gated)
        {
            _output.Apply(active.Values, output);
            return;
        }

        using var mixed = new Scratch(_output.Outputs);
        _output.Apply(active.Values, mixed.Values);
        var gate = mixed.Values[output.Length..];
        Activations.Sigmoid(gate, gate);
        TensorPrimitives.Multiply(mixed.Values[..output.Length], gate, output);
    }
}
