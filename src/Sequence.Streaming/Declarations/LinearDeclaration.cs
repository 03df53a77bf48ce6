using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>An affine map at each time: y = W u + b with W [outputs, inputs], b [outputs].</summary>
/// <remarks>Starts as in PyTorch: uniform on +-1/sqrt(inputs).</remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Inputs">Length of u.</param>
/// <param name="Outputs">Length of y.</param>
public sealed record LinearDeclaration(string Prefix, int Inputs, int Outputs) : LayerDeclaration(Prefix)
{
    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Outputs;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var start = Initialisation.Uniform(1 / Math.Sqrt(Inputs));
            var inputs = new UnitAxis($"{Prefix}.input", Inputs);
            var outputs = new UnitAxis($"{Prefix}.output", Outputs);
            return
            [
                new WeightDeclaration(WeightName("weight"), WeightRole.Output, start, [outputs, inputs]),
                new WeightDeclaration(WeightName("bias"), WeightRole.Vector, start, [outputs]),
            ];
        }
    }
}
