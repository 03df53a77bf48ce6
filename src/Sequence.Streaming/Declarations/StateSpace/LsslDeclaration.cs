using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The linear state-space layer (Gu et al., "Combining Recurrent, Convolutional, and Continuous-time Models with Linear
/// State-Space Layers", 2021): each feature h drives a copy of x' = A x + B u with a step size dt[h] of its own, discretised
/// by the generalised bilinear transform, and read out by several channels m:
/// <code>
/// Abar[h] = (I - alpha dt[h] A)^-1 (I + (1 - alpha) dt[h] A),   Bbar[h] = (I - alpha dt[h] A)^-1 dt[h] B
/// x[k, h] = Abar[h] x[k-1, h] + Bbar[h] u[k, h],   y[k, h, m] = C[h, m] x[k, h] + D[h, m] u[k, h]
/// </code>
/// Outputs are numbered h * channels + m. This is the linear part: nonlinearity and mixing of features are the block's
/// around it. Weights, with the names of the authors' code: transition.a and transition.b (see
/// <see cref="LsslTransition"/>), C [features, channels, states], D [features, channels], log_dt [features].
/// </summary>
/// <remarks>
/// Starts as in the authors' code: A and B of the HiPPO measure, C and D standard normal, dt log-uniform on
/// [<see cref="MinimumStepSize"/>, <see cref="MaximumStepSize"/>].
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Inputs at each time.</param>
/// <param name="StateSize">States of each feature.</param>
public sealed record LsslDeclaration(string Prefix, int Features, int StateSize) : LayerDeclaration(Prefix)
{
    /// <summary>Which continuous system A and B start as, or are.</summary>
    /// <value>Default: LegS.</value>
    public HippoMeasure Measure { get; init; } = HippoMeasure.LegS;

    /// <summary>Outputs of each feature.</summary>
    /// <value>Default: 1.</value>
    public int Channels { get; init; } = 1;

    /// <summary>Of the discretisation: 0 is Euler's method, 1/2 the bilinear transform, 1 the backward Euler method.</summary>
    /// <value>Default: 1/2.</value>
    public double Alpha { get; init; } = 0.5;

    /// <summary>What of the continuous system is trained.</summary>
    /// <value>Default: nothing.</value>
    public LsslTransition Transition { get; init; }

    /// <summary>Whether the step sizes are trained; else they are constants.</summary>
    /// <value>Default: they are.</value>
    public bool TrainsStepSize { get; init; } = true;

    /// <summary>Least step size at the start.</summary>
    /// <value>Default: 0.001.</value>
    public double MinimumStepSize { get; init; } = 0.001;

    /// <summary>Greatest step size at the start.</summary>
    /// <value>Default: 0.1.</value>
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>
    /// Multiplies every step size: the same weights at another sampling rate, 2 where inputs come half as often as in
    /// training. Both Abar and Bbar are discretised anew; the authors' code leaves Bbar as it was, which scales the outputs by
    /// about 1 / rate.
    /// </summary>
    /// <value>Default: 1.</value>
    public double Rate { get; init; } = 1;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features * Channels;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var features = new UnitAxis($"{Prefix}.feature", Features);
            var channels = new UnitAxis($"{Prefix}.channel", Channels);
            var states = new UnitAxis($"{Prefix}.state", StateSize);
            UnitAxis[] copies = Transition == LsslTransition.PerFeature ? [features] : [];
            var transition = Transition == LsslTransition.Fixed ? WeightRole.Constant : WeightRole.Dynamics;
            return
            [
                new WeightDeclaration(
                    WeightName("transition.a"),
                    transition,
                    Initialisation.Computed((_, _) => Copies(HippoMatrices.Create(Measure, StateSize).A)),
                    [.. copies, states, states]),
                new WeightDeclaration(
                    WeightName("transition.b"),
                    transition,
                    Initialisation.Computed((_, _) => Copies(HippoMatrices.Create(Measure, StateSize).B)),
                    [.. copies, states]),
                new WeightDeclaration(
                    WeightName("C"), WeightRole.Output, Initialisation.Gaussian(1), [features, channels, states]),
                new WeightDeclaration(WeightName("D"), WeightRole.Vector, Initialisation.Gaussian(1), [features, channels]),
                new WeightDeclaration(
                    WeightName("log_dt"),
                    TrainsStepSize ? WeightRole.TimeScale : WeightRole.Constant,
                    Initialisation.Computed(
                        (random, _) => StepSizes.DrawLogarithms(random, Features, MinimumStepSize, MaximumStepSize)),
                    [features]),
            ];
        }
    }

    /// <summary>Everything that makes the declaration unusable; empty when there is nothing.</summary>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Require(Features >= 1, $"features is {Features}; at least 1 is needed");
        Require(StateSize >= 1, $"state size is {StateSize}; at least 1 is needed");
        Require(
            Measure != HippoMeasure.FouT || StateSize % 2 == 0, $"state size is {StateSize}; FouT needs an even one");
        Require(Channels >= 1, $"channels is {Channels}; at least 1 is needed");
        Require(Alpha >= 0 && Alpha <= 1, $"alpha is {Alpha}; it must lie on [0, 1]");
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

    private double[] Copies(double[] values) => Transition == LsslTransition.PerFeature
        ? [.. Enumerable.Repeat(values, Features).SelectMany(copy => copy)]
        : values;
}
