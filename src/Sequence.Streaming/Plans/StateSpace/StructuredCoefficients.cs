using System.Numerics;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The weights of S4 and S4D as a continuous system of every feature in double precision: copies spread over the features,
/// pairs as complex numbers.
/// </summary>
internal sealed class StructuredCoefficients
{
    private readonly StructuredStateSpaceDeclaration _declaration;
    private readonly CheckpointWeights _weights;
    private readonly bool _isReal;

    public StructuredCoefficients(StructuredStateSpaceDeclaration declaration, CheckpointWeights weights)
    {
        _declaration = declaration;
        _weights = weights;
        _isReal = declaration is S4DDeclaration { RealState: true };
        Skip = weights.Singles(declaration.WeightName("D"));
        StepSizes = Array.ConvertAll(
            weights.Singles(declaration.WeightName("kernel.inv_dt")), value => declaration.StepSize(value));
        var decay = weights.Singles(declaration.WeightName("kernel.A_real"));
        var frequency = _isReal ? new float[decay.Length] : weights.Singles(declaration.WeightName("kernel.A_imag"));
        Diagonal = Spread([.. decay.Zip(frequency, (real, imaginary) => new Complex(-Math.Exp(real), -imaginary))]);
        Input = Spread(Values("kernel.B"));
        Output = Values("kernel.C");
    }

    /// <summary>D, [channels, features].</summary>
    public float[] Skip { get; }

    /// <summary>dt at rate 1, [features].</summary>
    public double[] StepSizes { get; }

    /// <summary>a, [features, modes].</summary>
    public Complex[] Diagonal { get; }

    /// <summary>b, [features, modes].</summary>
    public Complex[] Input { get; }

    /// <summary>c, [channels, features, modes].</summary>
    public Complex[] Output { get; }

    /// <summary>A weight as complex numbers.</summary>
    public Complex[] Values(string name)
    {
        var values = _weights.Singles(_declaration.WeightName(name));
        return _isReal
            ? Array.ConvertAll(values, value => new Complex(value, 0))
            : [.. Enumerable.Range(0, values.Length / 2).Select(n => new Complex(values[2 * n], values[(2 * n) + 1]))];
    }

    /// <summary>Feature h takes copy h mod copies: [copies, modes] to [features, modes].</summary>
    public Complex[] Spread(ReadOnlySpan<Complex> copies)
    {
        var all = new Complex[_declaration.Features * _declaration.Modes];
        for (var start = 0; start < all.Length; start += copies.Length)
        {
            copies.CopyTo(all.AsSpan(start));
        }

        return all;
    }
}
