using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Systems;

/// <summary>What the Dynamical Systems Framework says of attention, selective state-space models and gated recurrence.</summary>
[TestClass]
public sealed class SelectiveStateSpaceSystemTests
{
    private const int Length = 23;
    private const int Channels = 3;
    private const int Expansion = 4;

    /// <summary>Without forgetting (a = 0), S6 is unnormalised linear attention with keys dt b, queries c and values u.</summary>
    [TestMethod]
    public void SelectiveModel_WithoutForgetting_IsUnnormalisedLinearAttention()
    {
        using var scope = NewDisposeScope();
        using var weights = NormalisedWeights(normalisation: [0, 0, 0]);
        var (declaration, layer) = Normalised();
        var input = Separable.Gaussian(Length, Channels, 61);

        // Any one step for all channels will do: what it takes from b it gives to the keys.
        var step = nn.functional.softplus(Separable.Gaussian(Length, 1, 62));
        var system = Separable.Selective(
            step.expand(Length, Channels),
            zeros([Channels, Expansion], dtype: ScalarType.Float64),
            Separable.Map(declaration, weights, "k_proj", input).div(step),
            Separable.Map(declaration, weights, "q_proj", input));
        Separable.AssertClose(layer.Forward(weights, input.unsqueeze(0)).Output[0], system.Run(input), 1e-12);
    }

    /// <summary>
    /// Where the normalisation grows, exp(-dt[k] a) = eta[k-1] / eta[k] and dt[k] b[k] = k[k] / eta[k] make S6 with one rate
    /// a and one step for all channels equal to normalised attention.
    /// </summary>
    [TestMethod]
    public void SelectiveModel_WithStepsFromTheNormalisation_IsNormalisedAttention()
    {
        using var scope = NewDisposeScope();
        using var weights = NormalisedWeights(normalisation: [1, 0, 0]);
        var (declaration, layer) = Normalised();

        // The first channel rises, so eta = exp(u of the first channel) does.
        var input = Separable.Gaussian(Length, Channels, 63);
        input = cat([input.narrow(1, 0, 1).abs().add(tensor(0.1)).cumsum(0).mul(tensor(0.2)), input.narrow(1, 1, 2)], dim: 1);
        var logarithm = Separable.Map(declaration, weights, "n_proj", input);
        const double rate = 1.7;

        // The first step may be any: the state before it is zero.
        var before = cat([logarithm.narrow(0, 0, 1).sub(tensor(0.5)), logarithm.narrow(0, 0, Length - 1)], dim: 0);
        var step = logarithm.sub(before).div(tensor(rate));
        Assert.IsGreaterThan(0, step.min().item<double>());
        var into = Separable.Map(declaration, weights, "k_proj", input).div(logarithm.exp()).div(step);
        var system = Separable.Selective(
            step.expand(Length, Channels),
            full([Channels, Expansion], rate, dtype: ScalarType.Float64),
            into,
            Separable.Map(declaration, weights, "q_proj", input));
        Separable.AssertClose(layer.Forward(weights, input.unsqueeze(0)).Output[0], system.Run(input), 1e-12);

        // With another rate for one state the two part: equality needs one rate for all.
        var rates = full([Channels, Expansion], rate, dtype: ScalarType.Float64);
        rates[0, 0] = tensor(2 * rate);
        var other = Separable.Selective(
            step.expand(Length, Channels), rates, into, Separable.Map(declaration, weights, "q_proj", input));
        Assert.IsGreaterThan(1e-3, Separable.Distance(system.Run(input), other.Run(input)));
    }

    [TestMethod]
    public void ReversedSigmoid_IsTheTransitionOfASoftplusStep()
    {
        foreach (var value in new[] { -700.0, -30, -2, -1e-9, 0, 0.3, 5, 40, 700 })
        {
            var softplus = Math.Max(value, 0) + Math.Log(1 + Math.Exp(-Math.Abs(value)));
            Assert.AreEqual(1, Math.Exp(-softplus) * (1 + Math.Exp(value)), 1e-12, $"at {value}");
        }
    }

    /// <summary>
    /// The quasi-LSTM with the reversed forget gate has the transition of S6 with one state for each channel,
    /// dt = softplus(W_f u + b_f) and a = alpha; they differ in what enters: i * g here, dt b u there.
    /// </summary>
    [TestMethod]
    public void QuasiLstm_WithReversedForgetGate_HasTheTransitionOfASelectiveModel()
    {
        using var scope = NewDisposeScope();
        var layer = new QuasiLstmLayer(new("q", Channels, Channels, ReversedForget: true));
        var values = Weights.Doubles(layer.Declaration.Weights, 64);
        values["q.alpha"] = [1.3];
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, values);
        var input = Separable.Gaussian(Length, Channels, 65);
        var gates = nn.functional.linear(input, weights.Get("q.weight_ih"), weights.Get("q.bias_ih")).chunk(4, dim: 1);
        var selective = Separable.Selective(
            nn.functional.softplus(gates[1]),
            full([Channels, 1], 1.3, dtype: ScalarType.Float64),
            ones([Length, 1], dtype: ScalarType.Float64),
            ones([Length, 1], dtype: ScalarType.Float64));
        var system = layer.System(weights, input);
        Separable.AssertClose(selective.A, system.A, 1e-12);

        // The rest of the system: B = diag(i) W_g, C = diag(o), one state for each unit.
        Separable.AssertClose(
            gates[0].sigmoid().unsqueeze(2).mul(weights.Get("q.weight_ih").narrow(0, 2 * Channels, Channels)), system.B, 1e-12);
        Separable.AssertClose(gates[3].sigmoid().diag_embed(), system.C, 1e-12);

        // With the selective model's input in place of i * g the states are the same.
        var entered = nn.functional.softplus(gates[1]).mul(input);
        var same = new DynamicalSystem(
            system.A,
            nn.functional.softplus(gates[1]).diag_embed(),
            eye(Channels, dtype: ScalarType.Float64).expand(Length, Channels, Channels),
            zeros([Length, Channels, Channels], dtype: ScalarType.Float64));
        Separable.AssertClose(selective.Run(input), same.Run(input), 1e-12);
        Separable.AssertClose(entered[0], same.Run(input)[0], 1e-12);
    }

    [TestMethod]
    public void System_WithOffsets_AddsThemAtEachTime()
    {
        using var scope = NewDisposeScope();
        var half = full([3, 1, 1], 0.5, dtype: ScalarType.Float64);
        var one = ones([3, 1, 1], dtype: ScalarType.Float64);
        var system = new DynamicalSystem(half, one, one, one)
        {
            StateOffset = tensor(new[] { 1.0, 0, 2 }).reshape(3, 1),
            OutputOffset = tensor(new[] { 10.0, 20, 30 }).reshape(3, 1),
        };

        // x = 1 + 1 = 2, then 1 + 2 = 3, then 1.5 + 3 + 2 = 6.5; y = x + u + d.
        var output = system.Run(tensor(new[] { 1.0, 2, 3 }).reshape(3, 1));
        Separable.AssertClose(tensor(new[] { 13.0, 25, 39.5 }).reshape(3, 1), output, 1e-15);
        Assert.ThrowsExactly<ModelException>(() => system.Run(zeros(4, 1, ScalarType.Float64)));
    }

    private static (NormalisedAttentionDeclaration Declaration, NormalisedAttentionLayer Layer) Normalised()
    {
        var declaration = new NormalisedAttentionDeclaration("att", Channels, 1, Expansion);
        return (declaration, new NormalisedAttentionLayer(declaration));
    }

    /// <summary>Random queries and keys; values and output are the channels themselves, as in S6.</summary>
    private static ParameterSet NormalisedWeights(double[] normalisation)
    {
        var (declaration, _) = Normalised();
        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        return ParameterSet.FromDoubles(
            declaration.Weights,
            new Dictionary<string, double[]>(Weights.Doubles(declaration.Weights, 60))
            {
                ["att.v_proj.weight"] = identity,
                ["att.v_proj.bias"] = [0, 0, 0],
                ["att.out_proj.weight"] = identity,
                ["att.out_proj.bias"] = [0, 0, 0],
                ["att.n_proj.weight"] = normalisation,
                ["att.n_proj.bias"] = [0],
            });
    }
}
