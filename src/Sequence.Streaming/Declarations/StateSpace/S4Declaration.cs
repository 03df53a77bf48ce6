using System.Numerics;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// S4: a state-space layer of state matrices diag(a) - P P^H (Gu, Goel, Re, "Efficiently Modeling Long Sequences with
/// Structured State Spaces", 2022), discretised by the bilinear rule: A = (1 - dt/2 (diag(a) - P P^H))^-1
/// (1 + dt/2 (diag(a) - P P^H)), x[k] = A x[k-1] + B u[k], y[k] = 2 Re(C x[k]) + D u[k]. Beside the weights of
/// <see cref="StructuredStateSpaceDeclaration"/> there is kernel.P [rank, S, N/2, 2].
/// </summary>
/// <remarks>
/// kernel.C holds C~ = (1 - A^L)^T C for L = <see cref="KernelLength"/>, as in the reference implementation, which trains it:
/// the kernel of length L then needs no power of A. Where <see cref="StructuredStateSpaceDeclaration.Rate"/> is not 1, the layer
/// recovers C at rate 1 and derives C~ for the new step sizes, so that the sequence at once and steps agree exactly; the
/// reference implementation keeps C~, which is approximate.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">H: inputs at each time; each has its own system.</param>
/// <param name="StateSize">N: real numbers in the state of one feature; even.</param>
/// <param name="KernelLength">L: the length that the trained C~ belongs to; longer sequences run in pieces of it.</param>
public sealed record S4Declaration(string Prefix, int Features, int StateSize, int KernelLength)
    : StructuredStateSpaceDeclaration(Prefix, Features, StateSize)
{
    /// <summary>The HiPPO system that the layer starts as.</summary>
    public HippoMeasure Measure { get; init; }

    /// <summary>Rank of P; null for the least that the measure needs.</summary>
    public int? Rank { get; init; }

    /// <summary>The rank of P that holds.</summary>
    public int LowRank => Rank ?? HippoMatrices.MinimumRank(Measure);

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            ConfigurationException.ThrowIfAny(Faults());
            return
            [
                SkipWeight(),
                StepSizeWeight(),
                new(
                    WeightName("kernel.A_real"),
                    WeightRole.Dynamics,
                    ForEachCopy(() => Array.ConvertAll(Start.Eigenvalues, value => StoredDecay(value.Real))),
                    [CopyAxis, ModeAxis]),
                new(
                    WeightName("kernel.A_imag"),
                    WeightRole.Dynamics,
                    ForEachCopy(() => Array.ConvertAll(Start.Eigenvalues, value => -value.Imaginary)),
                    [CopyAxis, ModeAxis]),
                new(
                    WeightName("kernel.B"),
                    WeightRole.Dynamics,
                    ForEachCopy(() => Pairs(Start.Input)),
                    [SingleAxis("input"), CopyAxis, ModeAxis, PartAxis]),
                new(
                    WeightName("kernel.P"),
                    WeightRole.Dynamics,
                    ForEachCopy(() => Pairs(Start.LowRank), LowRank),
                    [new($"{Prefix}.rank", LowRank), CopyAxis, ModeAxis, PartAxis]),
                new(
                    WeightName("kernel.C"),
                    WeightRole.Output,
                    Initialisation.Computed(StartOutput),
                    [KernelAxis, FeatureAxis, ModeAxis, PartAxis]),
            ];
        }
    }

    private NormalPlusLowRank Start => HippoStart.Of(Measure, StateSize, LowRank);

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. base.Faults()];
        if (StateSize % 2 != 0)
        {
            faults.Add($"Layer '{Prefix}': state size is {StateSize}; conjugate pairs need an even one.");
        }

        if (KernelLength < 1)
        {
            faults.Add($"Layer '{Prefix}': kernel length is {KernelLength}; at least 1 is needed.");
        }

        if (LowRank < HippoMatrices.MinimumRank(Measure))
        {
            faults.Add(
                $"Layer '{Prefix}': rank is {LowRank}; {Measure} needs {HippoMatrices.MinimumRank(Measure)} or more.");
        }

        return faults;
    }

    /// <summary>Draws C, of complex variance 1, and gives C~ for the step sizes drawn before.</summary>
    private double[] StartOutput(CounterRandom random, IReadOnlyDictionary<string, double[]> earlier)
    {
        var stored = earlier[WeightName("kernel.inv_dt")];
        var values = new Complex[KernelCount * Features * Modes];
        foreach (ref var value in values.AsSpan())
        {
            value = Math.Sqrt(0.5) * new Complex(random.NextGaussian(), random.NextGaussian());
        }

        // The eigenvalues as the stored weights have them: none closer to the imaginary axis than the least decay.
        var poles = Array.ConvertAll(
            Start.Eigenvalues, value => new Complex(-Math.Exp(StoredDecay(value.Real)), value.Imaginary));
        var rows = new Complex[KernelCount * Modes];
        for (var feature = 0; feature < Features; feature++)
        {
            var (transition, _) = DiagonalPlusLowRank.Discretise(
                poles, Start.LowRank, Start.Input, StepSize(stored[feature]));
            for (var kernel = 0; kernel < KernelCount; kernel++)
            {
                values.AsSpan(Row(kernel, feature), Modes).CopyTo(rows.AsSpan(kernel * Modes));
            }

            var generating = DiagonalPlusLowRank.ToGenerating(rows, transition, KernelLength);
            for (var kernel = 0; kernel < KernelCount; kernel++)
            {
                generating.AsSpan(kernel * Modes, Modes).CopyTo(values.AsSpan(Row(kernel, feature)));
            }
        }

        return Pairs(values);

        int Row(int kernel, int feature) => ((kernel * Features) + feature) * Modes;
    }
}
