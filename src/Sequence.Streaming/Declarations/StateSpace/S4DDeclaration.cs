using System.Numerics;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// S4D: a state-space layer of diagonal state matrices (Gu et al., "On the Parameterization and Initialization of Diagonal
/// State Space Models", 2022): with a = -exp(A_real) - i A_imag and the discrete pair (A, B) of the step size,
/// x[k] = A x[k-1] + B u[k], y[k] = 2 Re(C x[k]) + D u[k].
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">H: inputs at each time; each has its own system.</param>
/// <param name="StateSize">N: real numbers in the state of one feature; even unless the state is real.</param>
public sealed record S4DDeclaration(string Prefix, int Features, int StateSize)
    : StructuredStateSpaceDeclaration(Prefix, Features, StateSize)
{
    /// <summary>Where the eigenvalues start.</summary>
    public S4DInitialisation Initialisation { get; init; }

    /// <summary>How the continuous system becomes a discrete one.</summary>
    public DiagonalDiscretisation Discretisation { get; init; }

    /// <summary>
    /// Whether state and weights are real: N exponential averages of the input, y = 2 C x + D u. Then kernel.A_real is [S, N],
    /// kernel.B [1, S, N], kernel.C [channels, H, N], and there is no kernel.A_imag. It goes with
    /// <see cref="S4DInitialisation.Real"/>.
    /// </summary>
    public bool RealState { get; init; }

    /// <inheritdoc />
    public override int Modes => RealState ? StateSize : StateSize / 2;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            ConfigurationException.ThrowIfAny(Faults());
            UnitAxis[] part = RealState ? [] : [PartAxis];
            var dynamics = new List<WeightDeclaration>
            {
                new(WeightName("kernel.A_real"), WeightRole.Dynamics, ForEachCopy(StartDecays), [CopyAxis, ModeAxis]),
            };
            if (!RealState)
            {
                dynamics.Add(new(
                    WeightName("kernel.A_imag"), WeightRole.Dynamics, ForEachCopy(StartFrequencies), [CopyAxis, ModeAxis]));
            }

            return
            [
                SkipWeight(),
                StepSizeWeight(),
                .. dynamics,
                new(
                    WeightName("kernel.B"),
                    WeightRole.Dynamics,
                    ForEachCopy(StartInput),
                    [SingleAxis("input"), CopyAxis, ModeAxis, .. part]),
                new(
                    WeightName("kernel.C"),
                    WeightRole.Output,
                    Data.Checkpoints.Initialisation.Gaussian(Math.Sqrt(0.5)),
                    [KernelAxis, FeatureAxis, ModeAxis, .. part]),
            ];
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. base.Faults()];
        if (!RealState && StateSize % 2 != 0)
        {
            faults.Add($"Layer '{Prefix}': state size is {StateSize}; conjugate pairs need an even one.");
        }

        if (RealState && Initialisation != S4DInitialisation.Real)
        {
            faults.Add($"Layer '{Prefix}': a real state has no frequencies; initialisation must be Real, not {Initialisation}.");
        }

        return faults;
    }

    private NormalPlusLowRank Legendre => HippoStart.Of(HippoMeasure.LegS, StateSize, HippoMatrices.MinimumRank(HippoMeasure.LegS));

    private double[] StartDecays() =>
        [.. Enumerable.Range(0, Modes).Select(n => StoredDecay(Initialisation == S4DInitialisation.Real ? -(n + 1) : -0.5))];

    private double[] StartFrequencies()
    {
        double size = StateSize;
        return [.. Enumerable.Range(0, Modes).Select(n => Initialisation switch
        {
            S4DInitialisation.Lin => Math.PI * n,
            S4DInitialisation.Inv => size / Math.PI * ((size / ((2 * n) + 1)) - 1),
            S4DInitialisation.Inv2 => size / Math.PI * ((size / (n + 1)) - 1),
            S4DInitialisation.LegS => -Legendre.Eigenvalues[n].Imaginary,
            S4DInitialisation.Quad => ((2 * n) + 1) * ((2 * n) + 1) / Math.PI,
            _ => 0,
        })];
    }

    private double[] StartInput()
    {
        if (RealState)
        {
            return [.. Enumerable.Repeat(1.0, Modes)];
        }

        return Pairs(Initialisation == S4DInitialisation.LegS
            ? Legendre.Input
            : [.. Enumerable.Repeat(Complex.One, Modes)]);
    }
}
