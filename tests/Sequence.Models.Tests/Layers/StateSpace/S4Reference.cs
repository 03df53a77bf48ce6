using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>
/// A reference file of the state-space layers as tensors of doubles; a test that needs an absent one is inconclusive.
/// </summary>
internal sealed class S4Reference
{
    private readonly ReferenceFile _file;

    private S4Reference(ReferenceFile file) => _file = file;

    public static S4Reference Open(string name) => new(ReferenceFile.Open(name + ".json"));

    public S4Reference Part(string name) => new(_file.Part(name));

    public IEnumerable<S4Reference> Cases(string name) => _file.Cases(name).Select(one => new S4Reference(one));

    public string Text(string name) => _file.Text(name);

    public int Integer(string name) => _file.Integer(name);

    public double Number(string name) => _file.Number(name);

    public double[] Doubles(string name) => _file.Real(name);

    public long[] Shape(string name) => Array.ConvertAll(_file.Shape(name), length => (long)length);

    /// <inheritdoc cref="ReferenceFile.Complex" />
    public Complex[] Complexes(string name) => _file.Complex(name);

    /// <inheritdoc cref="ReferenceFile.Pairs" />
    public double[] Pairs(string name) => _file.Pairs(name);

    public Tensor Real(string name) => tensor(Doubles(name)).reshape(Shape(name));

    public Tensor ComplexTensor(string name) =>
        view_as_complex(tensor(Pairs(name)).reshape(-1, 2)).reshape(Shape(name));

    /// <summary>A_real and A_imag of eigenvalues, as a checkpoint holds them.</summary>
    public (double[] Decay, double[] Frequency) Stored(string name)
    {
        var values = Complexes(name);
        return ([.. values.Select(value => Math.Log(-value.Real))], [.. values.Select(value => -value.Imaginary)]);
    }

    /// <summary>The greatest difference, as a share of the greatest absolute value expected; always a number.</summary>
    public static double Error(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var scale = expected.abs().max().item<double>();
        var difference = expected.sub(actual).abs().max().item<double>();
        Assert.IsTrue(
            double.IsFinite(scale) && double.IsFinite(difference), $"A difference of {difference} at a scale of {scale}.");
        return difference / scale;
    }

    /// <summary>Asserts agreement relative to the largest expected value.</summary>
    public static void AssertWithin(double tolerance, Tensor expected, Tensor actual, string what = "")
    {
        var error = Error(expected, actual);
        Console.WriteLine($"{what} error {error:e2}");
        Assert.That.IsWithin(tolerance, error, what);
    }
}
