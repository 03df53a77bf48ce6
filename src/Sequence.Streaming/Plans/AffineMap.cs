using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>y = W u + b, packed.</summary>
internal sealed class AffineMap
{
    private readonly PackedMatrix _matrix;
    private readonly float[] _bias;

    public AffineMap(ReadOnlySpan<float> matrix, float[] bias, int inputs)
    {
        _matrix = new PackedMatrix(matrix, bias.Length, inputs);
        _bias = bias;
    }

    public int Inputs => _matrix.Columns;

    public int Outputs => _matrix.Rows;

    public static AffineMap Of(LinearDeclaration declaration, CheckpointWeights weights) => new(
        weights.Singles(declaration.WeightName("weight")),
        weights.Singles(declaration.WeightName("bias")),
        declaration.Inputs);

    /// <summary>
    /// A convolution over one dimension as a map of the last [kernel, inputs] rows, oldest first, to the outputs.
    /// </summary>
    public static AffineMap Of(ConvolutionDeclaration declaration, CheckpointWeights weights)
    {
        var (inputs, outputs, kernel) = (declaration.Inputs, declaration.Outputs, declaration.Kernel);
        var weight = weights.Singles(declaration.WeightName("weight"));
        var matrix = new float[weight.Length];
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
            {
                for (var tap = 0; tap < kernel; tap++)
                {
                    matrix[(((output * kernel) + tap) * inputs) + input] =
                        weight[(((output * inputs) + input) * kernel) + tap];
                }
            }
        }

        return new AffineMap(matrix, weights.Singles(declaration.WeightName("bias")), kernel * inputs);
    }

    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        _bias.CopyTo(output);
        _matrix.MultiplyAdd(input, output);
    }
}
