using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A state-space layer, exact GELU, a linear map and, when gated, a gated linear unit; see
/// <see cref="StateSpaceBlockDeclaration"/>. The state is the core's.
/// </summary>
public sealed class StateSpaceBlockLayer(StateSpaceBlockDeclaration declaration) : SequenceLayer
{
    private readonly SequenceLayer _core = LayerFactory.Create(declaration.Core);
    private readonly LinearLayer _output = new(declaration.Output);

    /// <inheritdoc />
    public override StateSpaceBlockDeclaration Declaration { get; } = declaration;

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        var core = _core.ForwardPart(weights, input, state, training, keepState);
        return new(Mix(weights, core.Output, training), core.State);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        var core = _core.StepPart(weights, input, state);
        return new(Mix(weights, core.Output, training: null), core.State);
    }

    private Tensor Mix(IWeightSource weights, Tensor core, TrainingPass? training)
    {
        var active = nn.functional.gelu(core);
        active = training?.DropoutOverTime(active, Declaration.Dropout) ?? active;
        var mixed = _output.Map(weights, active);
        return Declaration.Gated ? nn.functional.glu(mixed, -1) : mixed;
    }
}
