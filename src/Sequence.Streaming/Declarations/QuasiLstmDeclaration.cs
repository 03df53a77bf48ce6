using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The quasi-LSTM: an LSTM whose gates see the input only, without the two tanh that would make it nonlinear in its state
/// (Sieber et al., "Understanding the Differences in Foundation Models", 2024, "qLSTM"):
/// i, f, o = sigmoid(W u + b), g = W_g u + b_g; x[k] = f * x[k-1] + i * g; y[k] = o * x[k], with * the elementwise product.
/// </summary>
/// <remarks>
/// <para>
/// With the reversed forget gate, f = sigmoid(-(W_f u + b_f))^max(alpha, 0) = exp(-max(alpha, 0) softplus(W_f u + b_f)), the
/// transition of a selective state-space model with step size softplus(W_f u + b_f) and state matrix -alpha. alpha is one
/// number for the layer and starts at 1, as in the authors' program.
/// </para>
/// <para>
/// The weights have the layout of PyTorch's LSTM: weight_ih [4 * hidden, inputs] and bias_ih [4 * hidden], gate-major in
/// the order i, f, g, o, starting uniform on +-1/sqrt(hidden); alpha [1] with the reversed gate.
/// </para>
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Inputs">Length of u; at least 1.</param>
/// <param name="Hidden">Units, each with one state; at least 1.</param>
/// <param name="ReversedForget">Whether the forget gate is the reversed sigmoid.</param>
public sealed record QuasiLstmDeclaration(string Prefix, int Inputs, int Hidden, bool ReversedForget = false)
    : LayerDeclaration(Prefix)
{
    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Hidden;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            Validate();
            var start = Initialisation.Uniform(1 / Math.Sqrt(Hidden));
            var gates = new UnitAxis($"{Prefix}.hidden", Hidden, Gates: 4);
            var weights = new List<WeightDeclaration>
            {
                new(WeightName("weight_ih"), WeightRole.Input, start, [gates, new UnitAxis($"{Prefix}.input", Inputs)]),
                new(WeightName("bias_ih"), WeightRole.Vector, start, [gates]),
            };
            if (ReversedForget)
            {
                var one = new UnitAxis($"{Prefix}.alpha", 1);
                weights.Add(new(WeightName("alpha"), WeightRole.TimeScale, Initialisation.Constant(1), [one]));
            }

            return weights;
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Inputs < 1)
        {
            faults.Add($"'{Prefix}': inputs is {Inputs}; it must be at least 1.");
        }

        if (Hidden < 1)
        {
            faults.Add($"'{Prefix}': hidden is {Hidden}; it must be at least 1.");
        }

        return faults;
    }
}
