using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The selective state space (S6; Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", 2023,
/// algorithm 2): step size, input and output maps depend on the input u[k]. With (delta, B, C)[k] = W_x u[k] and
/// dt[k] = softplus(W_dt delta[k] + b_dt), for each feature d and state n
/// <code>
/// x[k, d, n] = exp(dt[k, d] A[d, n]) x[k-1, d, n] + dt[k, d] B[k, n] u[k, d],   A = -exp(A_log)
/// y[k, d]    = sum over n of C[k, n] x[k, d, n] + D[d] u[k, d]
/// </code>
/// Weights, with the names of the authors' code: x_proj.weight [step rank + 2 states, features] without bias, its rows in
/// the order delta, B, C; dt_proj.weight [features, step rank]; dt_proj.bias [features]; A_log [features, states];
/// D [features].
/// </summary>
/// <remarks>
/// Starts as in the authors' code: A_log = log(1 .. states), D = 1, softplus(dt_proj.bias) log-uniform on
/// [<see cref="MinimumStepSize"/>, <see cref="MaximumStepSize"/>], dt_proj.weight uniform on +-1/sqrt(step rank),
/// x_proj.weight uniform on +-1/sqrt(features).
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Inputs, and outputs, at each time.</param>
/// <param name="StateSize">States of each feature.</param>
/// <param name="StepRank">Rank of the map from inputs to step sizes.</param>
public sealed record SelectiveScanDeclaration(string Prefix, int Features, int StateSize, int StepRank)
    : LayerDeclaration(Prefix)
{
    // Below it a step size would start so small that its gradient vanishes.
    private const double StepSizeFloor = 1e-4;

    /// <summary>Least step size at the start.</summary>
    /// <value>Default: 0.001.</value>
    public double MinimumStepSize { get; init; } = 0.001;

    /// <summary>Greatest step size at the start.</summary>
    /// <value>Default: 0.1.</value>
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>
    /// Multiplies every step size: the same weights at another sampling rate, 2 where inputs come half as often as in
    /// training.
    /// </summary>
    /// <value>Default: 1.</value>
    public double Rate { get; init; } = 1;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var features = new UnitAxis($"{Prefix}.feature", Features);
            var states = new UnitAxis($"{Prefix}.state", StateSize);
            return
            [
                new WeightDeclaration(
                    WeightName("x_proj.weight"),
                    WeightRole.Input,
                    Initialisation.Uniform(1 / Math.Sqrt(Features)),
                    [new UnitAxis($"{Prefix}.projection", StepRank + (2 * StateSize)), features]),
                new WeightDeclaration(
                    WeightName("dt_proj.weight"),
                    WeightRole.Input,
                    Initialisation.Uniform(1 / Math.Sqrt(StepRank)),
                    [features, new UnitAxis($"{Prefix}.rank", StepRank)]),
                new WeightDeclaration(
                    WeightName("dt_proj.bias"), WeightRole.TimeScale, Initialisation.Computed(StartStepSizes), [features]),
                new WeightDeclaration(
                    WeightName("A_log"), WeightRole.Dynamics, Initialisation.Computed(StartDynamics), [features, states]),
                new WeightDeclaration(WeightName("D"), WeightRole.Vector, Initialisation.Constant(1), [features]),
            ];
        }
    }

    /// <summary>Everything that makes the declaration unusable; empty when there is nothing.</summary>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Require(Features >= 1, $"features is {Features}; at least 1 is needed");
        Require(StateSize >= 1, $"state size is {StateSize}; at least 1 is needed");
        Require(StepRank >= 1, $"step rank is {StepRank}; at least 1 is needed");
        foreach (var fault in StepSizes.Faults(MinimumStepSize, MaximumStepSize, Rate))
        {
            Require(false, fault);
        }

        return faults;

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add($"Layer '{Prefix}': {fault}.");
            }
        }
    }

    private double[] StartStepSizes(CounterRandom random, IReadOnlyDictionary<string, double[]> earlier) => Array.ConvertAll(
        StepSizes.DrawLogarithms(random, Features, MinimumStepSize, MaximumStepSize),
        logarithm => StepSizes.InverseSoftplus(Math.Max(Math.Exp(logarithm), StepSizeFloor)));

    private double[] StartDynamics(CounterRandom random, IReadOnlyDictionary<string, double[]> earlier) =>
        [.. Enumerable.Range(0, Features * StateSize).Select(index => Math.Log(1 + (index % StateSize)))];
}
