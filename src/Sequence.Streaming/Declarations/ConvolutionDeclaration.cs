using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A convolution with stride 1 over 1, 2 or 3 dimensions: y[o] = b[o] + sum over i and taps of W[o, i, taps] u[i, taps],
/// W [outputs, inputs, kernel, ...], b [outputs].
/// </summary>
/// <remarks>Starts as in PyTorch: uniform on +-1/sqrt(inputs * kernel^dimensions).</remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Dimensions">1 for sequences, 2 for images, 3 for volumes.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">Taps along each dimension; odd for <see cref="ConvolutionPadding.Same"/>.</param>
/// <param name="Padding">Where the zeros go; causal only in one dimension.</param>
public sealed record ConvolutionDeclaration(
    string Prefix, int Dimensions, int Inputs, int Outputs, int Kernel, ConvolutionPadding Padding)
    : LayerDeclaration(Prefix)
{
    /// <inheritdoc />
    public override StepKind StepKind => Padding == ConvolutionPadding.Causal ? StepKind.Exact : StepKind.None;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Outputs;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var start = Initialisation.Uniform(1 / Math.Sqrt(Inputs * Math.Pow(Kernel, Dimensions)));
            var outputs = new UnitAxis($"{Prefix}.output", Outputs);
            var taps = Enumerable.Range(0, Dimensions).Select(axis => new UnitAxis($"{Prefix}.tap{axis}", Kernel));
            return
            [
                new WeightDeclaration(
                    WeightName("weight"),
                    WeightRole.Input,
                    start,
                    [outputs, new UnitAxis($"{Prefix}.input", Inputs), .. taps]),
                new WeightDeclaration(WeightName("bias"), WeightRole.Vector, start, [outputs]),
            ];
        }
    }
}
