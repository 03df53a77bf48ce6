using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The selective state space of <see cref="SelectiveScanDeclaration"/>. The state is x, [batch, features, states]; gradients
/// flow through one passed in and out.
/// </summary>
public sealed class SelectiveScanLayer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size, step size or rate is out of range.</exception>
    public SelectiveScanLayer(SelectiveScanDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override SelectiveScanDeclaration Declaration { get; }

    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        DynamicalSystem.RequireInput(Declaration, input);

        // States are numbered feature by feature, so that every matrix is made of one block for each feature.
        var (rawStep, b, c) = Signals(weights, input);
        var step = SelectiveScanFunction.StepSize(rawStep, Bias(weights), Declaration.Rate);
        var (length, states) = (input.shape[0], (long)Declaration.Features * Declaration.StateSize);
        var decay = step.unsqueeze(2).mul(Dynamics(weights)).exp().reshape(length, states);
        var inputs = step.unsqueeze(2).mul(b.unsqueeze(1));
        var outputs = c.unsqueeze(1).expand(length, Declaration.Features, Declaration.StateSize);
        return new(
            decay.diag_embed(),
            inputs.transpose(1, 2).diag_embed().permute(0, 2, 1, 3).reshape(length, states, Declaration.Features),
            outputs.transpose(1, 2).diag_embed().permute(0, 2, 1, 3).reshape(length, states, Declaration.Features).transpose(1, 2),
            Weight(weights, "D").diag_embed().unsqueeze(0).expand(length, Declaration.Features, Declaration.Features));
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireState(state, [input.shape[0], Declaration.Features, Declaration.StateSize]);
        var (rawStep, b, c) = Signals(weights, input);
        var step = SelectiveScanFunction.StepSize(rawStep, Bias(weights), Declaration.Rate);
        var (output, end) = SelectiveScanFunction.Scan(
            input, step, Dynamics(weights), b, c, Weight(weights, "D"), state?.Tensors[0]);
        return new(output, keepState ? new LayerState([end]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireState(state, [input.shape[0], Declaration.Features, Declaration.StateSize]);
        var (rawStep, b, c) = Signals(weights, input);
        var step = SelectiveScanFunction.StepSize(rawStep, Bias(weights), Declaration.Rate).unsqueeze(2);
        var next = step.mul(input.unsqueeze(2)).mul(b.unsqueeze(1));
        if (state is not null)
        {
            next = next.add(step.mul(Dynamics(weights)).exp().mul(state.Tensors[0]));
        }

        var output = next.bmm(c.unsqueeze(2)).squeeze(2).add(Weight(weights, "D").mul(input));
        return new(output, new LayerState([next]));
    }

    /// <summary>W_dt delta, B and C of inputs [..., features].</summary>
    private (Tensor RawStep, Tensor B, Tensor C) Signals(IWeightSource weights, Tensor input)
    {
        var projected = nn.functional.linear(input, Weight(weights, "x_proj.weight"));
        var (rank, states) = (Declaration.StepRank, Declaration.StateSize);
        return (
            nn.functional.linear(projected.narrow(-1, 0, rank), Weight(weights, "dt_proj.weight")),
            projected.narrow(-1, rank, states),
            projected.narrow(-1, rank + states, states));
    }

    private Tensor Dynamics(IWeightSource weights) => Weight(weights, "A_log").exp().neg();

    private Tensor Bias(IWeightSource weights) => Weight(weights, "dt_proj.bias");

    private Tensor Weight(IWeightSource weights, string name) => weights.Get(Declaration.WeightName(name));
}
