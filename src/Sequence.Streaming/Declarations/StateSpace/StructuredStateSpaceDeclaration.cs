using System.Numerics;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// What S4 and S4D share: for each feature a linear system x' = A x + B u, y = C x + D u of a structured state matrix and a
/// step size of its own. The names and shapes are those of the reference implementation (state-spaces/s4, FFTConv and its
/// kernel), H = features, N = state size, S = copies: D [channels, H], kernel.inv_dt [H, 1], kernel.A_real and
/// kernel.A_imag [S, N/2], kernel.B [1, S, N/2, 2], kernel.C [channels, H, N/2, 2], twice as many channels when
/// bidirectional. The last axis of 2 holds real and imaginary part; of each conjugate pair one number is stored, and the
/// diagonal is a = -exp(A_real) - i A_imag.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">H: inputs at each time; each has its own system.</param>
/// <param name="StateSize">N: real numbers in the state of one feature; even where they form conjugate pairs.</param>
public abstract record StructuredStateSpaceDeclaration(string Prefix, int Features, int StateSize) : LayerDeclaration(Prefix)
{
    // The real part of an eigenvalue starts no closer to 0 than this (LegT and FouT have it at 0).
    private const double LeastDecay = 1e-4;

    /// <summary>Outputs of each feature; the layer's outputs are ordered by channel, then feature.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Whether a second kernel runs backwards: y[t] = sum over s &lt;= t of K[t-s] u[s] + sum over s &gt; t of K'[s-t-1] u[s] +
    /// D u[t].
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// S: number of distinct systems (A, B); feature h uses number h mod S. 1 ties all features, <see cref="Features"/>
    /// unties them.
    /// </summary>
    public int Copies { get; init; } = 1;

    /// <summary>How kernel.inv_dt stands for the step size.</summary>
    public StepSizeTransform StepSizeTransform { get; init; }

    /// <summary>Least step size at the start, in units of the input's sampling interval; drawn log-uniformly.</summary>
    public double MinimumStepSize { get; init; } = 0.001;

    /// <summary>Greatest step size at the start.</summary>
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>
    /// Sampling interval of the input relative to the training's: 2 when every second sample is left out. Step sizes are
    /// multiplied by it, the weights stay as they are.
    /// </summary>
    public double Rate { get; init; } = 1;

    /// <inheritdoc />
    public override StepKind StepKind => Bidirectional ? StepKind.None : StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Channels * Features;

    /// <summary>Kernels of each feature: one a channel and direction.</summary>
    public int KernelCount => Bidirectional ? 2 * Channels : Channels;

    /// <summary>Length of the stored state axis: one number of each conjugate pair.</summary>
    public virtual int Modes => StateSize / 2;

    private protected UnitAxis FeatureAxis => new($"{Prefix}.feature", Features);

    private protected UnitAxis CopyAxis => new($"{Prefix}.copy", Copies);

    private protected UnitAxis ModeAxis => new($"{Prefix}.mode", Modes);

    private protected UnitAxis KernelAxis => new($"{Prefix}.channel", Channels, Bidirectional ? 2 : 1);

    private protected UnitAxis PartAxis => new($"{Prefix}.part", 2);

    private protected UnitAxis SingleAxis(string name) => new($"{Prefix}.{name}", 1);

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Require(Features >= 1, $"features is {Features}; at least 1 is needed");
        Require(StateSize >= 1, $"state size is {StateSize}; at least 1 is needed");
        Require(Channels >= 1, $"channels is {Channels}; at least 1 is needed");
        Require(
            Copies >= 1 && (Features < 1 || Features % Copies == 0),
            $"copies is {Copies}; it must divide the {Features} features");
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

    private protected WeightDeclaration SkipWeight() =>
        new(WeightName("D"), WeightRole.Vector, Initialisation.Gaussian(1), [new($"{Prefix}.channel", Channels), FeatureAxis]);

    private protected WeightDeclaration StepSizeWeight() => new(
        WeightName("kernel.inv_dt"),
        WeightRole.TimeScale,
        Initialisation.Computed((random, _) => StartStepSizes(random)),
        [FeatureAxis, SingleAxis("step_size")]);

    /// <summary>dt at rate 1 from its stored form.</summary>
    internal double StepSize(double stored) => StepSizeTransform == StepSizeTransform.Exp
        ? Math.Exp(stored)
        : Math.Max(stored, 0) + Math.Log(1 + Math.Exp(-Math.Abs(stored)));

    private double[] StartStepSizes(CounterRandom random)
    {
        var logarithms = StepSizes.DrawLogarithms(random, Features, MinimumStepSize, MaximumStepSize);
        return StepSizeTransform == StepSizeTransform.Exp
            ? logarithms
            : Array.ConvertAll(logarithms, logarithm => StepSizes.InverseSoftplus(Math.Exp(logarithm)));
    }

    /// <summary>A_real of a real part: the logarithm of its negative.</summary>
    private protected static double StoredDecay(double real) => Math.Log(Math.Max(-real, LeastDecay));

    /// <summary>Complex values as a checkpoint holds them: real and imaginary parts beside each other.</summary>
    private protected static double[] Pairs(Complex[] values) =>
        [.. values.SelectMany(value => new[] { value.Real, value.Imaginary })];

    /// <summary>The same values for every copy, an outer axis before the copies allowed.</summary>
    private protected Initialisation ForEachCopy(Func<double[]> values, int outer = 1) => Initialisation.Computed((_, _) =>
    {
        var one = values();
        var inner = one.Length / outer;
        var all = new double[one.Length * Copies];
        for (var row = 0; row < outer * Copies; row++)
        {
            Array.Copy(one, row / Copies * inner, all, row * inner, inner);
        }

        return all;
    });
}
