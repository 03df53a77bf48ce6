using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The quasi-LSTM: i, f, o = sigmoid(W u + b), g = W_g u + b_g; x[k] = f * x[k-1] + i * g; y[k] = o * x[k], with * the
/// elementwise product and, where the forget gate is reversed, f = exp(-max(alpha, 0) softplus(W_f u + b_f)) (Sieber et al.,
/// "Understanding the Differences in Foundation Models", 2024). The state holds x [batch, hidden].
/// </summary>
/// <remarks>
/// The recurrence is linear, so the parallel face runs it by doubling: log2(length) rounds over the whole sequence, each of
/// which joins what came from 2^r times before.
/// </remarks>
public sealed class QuasiLstmLayer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public QuasiLstmLayer(QuasiLstmDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override QuasiLstmDeclaration Declaration { get; }

    /// <summary>
    /// The system with A[k] = diag(f), B[k] = diag(i) W_g, C[k] = diag(o), D = 0; the bias of the candidate is an offset of
    /// the state.
    /// </summary>
    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        DynamicalSystem.RequireInput(Declaration, input);
        var (hidden, length) = (Declaration.Hidden, input.shape[0]);
        var (enter, forget, _, leave) = Gates(weights, input);
        var candidate = weights.Get(Declaration.WeightName("weight_ih")).narrow(0, 2 * hidden, hidden);
        var bias = weights.Get(Declaration.WeightName("bias_ih")).narrow(0, 2 * hidden, hidden);
        return new DynamicalSystem(
            forget.diag_embed(),
            enter.unsqueeze(2).mul(candidate.unsqueeze(0)),
            leave.diag_embed(),
            zeros([length, hidden, Declaration.Inputs], dtype: input.dtype, device: input.device))
        {
            StateOffset = enter.mul(bias),
        };
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireState(state, [input.shape[0], Declaration.Hidden]);
        var (enter, forget, candidate, leave) = Gates(weights, input);
        var length = input.shape[1];
        var entered = enter.mul(candidate);
        var states = entered;
        var decay = forget;
        for (long reach = 1; reach < length; reach *= 2)
        {
            var rest = length - reach;
            var (late, lateDecay) = (states.narrow(1, reach, rest), decay.narrow(1, reach, rest));
            var joined = late.add(lateDecay.mul(states.narrow(1, 0, rest)));
            var joinedDecay = lateDecay.mul(decay.narrow(1, 0, rest));
            states = cat([states.narrow(1, 0, reach), joined], dim: 1);
            decay = cat([decay.narrow(1, 0, reach), joinedDecay], dim: 1);
        }

        if (state is not null)
        {
            states = states.add(decay.mul(state.Tensors[0].unsqueeze(1)));
        }

        return new(leave.mul(states), keepState ? new LayerState([states.select(1, length - 1).clone()]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireState(state, [input.shape[0], Declaration.Hidden]);
        var (enter, forget, candidate, leave) = Gates(weights, input);
        var next = enter.mul(candidate);
        if (state is not null)
        {
            next = next.add(forget.mul(state.Tensors[0]));
        }

        return new(leave.mul(next), new LayerState([next]));
    }

    private (Tensor Enter, Tensor Forget, Tensor Candidate, Tensor Leave) Gates(IWeightSource weights, Tensor input)
    {
        var gates = nn.functional.linear(
            input,
            weights.Get(Declaration.WeightName("weight_ih")),
            weights.Get(Declaration.WeightName("bias_ih"))).chunk(4, dim: -1);
        var forget = Declaration.ReversedForget
            ? nn.functional.softplus(gates[1]).mul(weights.Get(Declaration.WeightName("alpha")).relu()).neg().exp()
            : gates[1].sigmoid();
        return (gates[0].sigmoid(), forget, gates[2], gates[3].sigmoid());
    }
}
