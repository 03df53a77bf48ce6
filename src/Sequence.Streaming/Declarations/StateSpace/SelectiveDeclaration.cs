using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The Mamba block (Gu and Dao 2023, figure 3): a selective state space with its convolution and gate. With * the
/// elementwise product,
/// <code>
/// (x, z)[k] = W_in u[k]
/// v[k]      = silu(b + sum over taps t of w[t] * x[k - kernel + 1 + t])     causal, each feature by itself
/// y[k]      = W_out (S6(v)[k] * silu(z[k]))
/// </code>
/// Weights, with the names of the authors' code: in_proj.weight [2 inner, features], out_proj.weight [features, inner], both
/// without bias; conv1d.weight [inner, 1, kernel], conv1d.bias [inner]; and those of <see cref="SelectiveScanDeclaration"/>
/// over the inner features.
/// </summary>
/// <remarks>
/// Linear maps and the convolution start as in PyTorch: uniform on +-1/sqrt(inputs of one output).
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Inputs, and outputs, at each time.</param>
/// <param name="StateSize">States of each inner feature.</param>
public sealed record SelectiveDeclaration(string Prefix, int Features, int StateSize = 16) : LayerDeclaration(Prefix)
{
    /// <summary>Inner features for each feature.</summary>
    /// <value>Default: 2.</value>
    public int Expansion { get; init; } = 2;

    /// <summary>Taps of the convolution.</summary>
    /// <value>Default: 4.</value>
    public int ConvolutionKernel { get; init; } = 4;

    /// <summary>Rank of the map from inner features to step sizes.</summary>
    /// <value>Default: features / 16, rounded up.</value>
    public int StepRank { get; init; } = (Features + 15) / 16;

    /// <inheritdoc cref="SelectiveScanDeclaration.MinimumStepSize" />
    public double MinimumStepSize { get; init; } = 0.001;

    /// <inheritdoc cref="SelectiveScanDeclaration.MaximumStepSize" />
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>
    /// Multiplies every step size of the state space: the same weights at another sampling rate. The convolution, being over
    /// inputs and not over time, stays as it is.
    /// </summary>
    /// <value>Default: 1.</value>
    public double Rate { get; init; } = 1;

    /// <summary>Number of inner features.</summary>
    public int Inner => Expansion * Features;

    /// <summary>The selective state space over the inner features.</summary>
    public SelectiveScanDeclaration Scan => new(Prefix, Inner, StateSize, StepRank)
    {
        MinimumStepSize = MinimumStepSize,
        MaximumStepSize = MaximumStepSize,
        Rate = Rate,
    };

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
            // The state space calls its features {prefix}.feature: they are the inner ones here.
            var inner = new UnitAxis($"{Prefix}.feature", Inner);
            var convolution = Initialisation.Uniform(1 / Math.Sqrt(ConvolutionKernel));
            return
            [
                new WeightDeclaration(
                    WeightName("in_proj.weight"),
                    WeightRole.Input,
                    Initialisation.Uniform(1 / Math.Sqrt(Features)),
                    [inner with { Gates = 2 }, new UnitAxis($"{Prefix}.input", Features)]),
                new WeightDeclaration(
                    WeightName("conv1d.weight"),
                    WeightRole.Input,
                    convolution,
                    [inner, new UnitAxis($"{Prefix}.channel", 1), new UnitAxis($"{Prefix}.tap", ConvolutionKernel)]),
                new WeightDeclaration(WeightName("conv1d.bias"), WeightRole.Vector, convolution, [inner]),
                .. Scan.Weights,
                new WeightDeclaration(
                    WeightName("out_proj.weight"),
                    WeightRole.Output,
                    Initialisation.Uniform(1 / Math.Sqrt(Inner)),
                    [new UnitAxis($"{Prefix}.output", Features), inner]),
            ];
        }
    }

    /// <summary>Everything that makes the declaration unusable; empty when there is nothing.</summary>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Require(Features, "features");
        Require(Expansion, "expansion");
        Require(ConvolutionKernel, "convolution kernel");

        // Its features were judged above.
        faults.AddRange((Scan with { Features = Math.Max(1, Inner) }).Faults());
        return faults;

        void Require(int size, string name)
        {
            if (size < 1)
            {
                faults.Add($"Layer '{Prefix}': {name} is {size}; at least 1 is needed.");
            }
        }
    }
}
