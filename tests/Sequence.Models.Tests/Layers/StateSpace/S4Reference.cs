using System.Numerics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>
/// A reference file of the state-space layers beside the repository; a test that needs an absent one is inconclusive.
/// </summary>
internal sealed class S4Reference
{
    private readonly JsonElement _root;

    private S4Reference(JsonElement root) => _root = root;

    public static S4Reference Open(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(
            folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "reference", "state-space", name + ".json");
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return new(document.RootElement.Clone());
    }

    public S4Reference Part(string name) => new(_root.GetProperty(name));

    public int Integer(string name) => _root.GetProperty(name).GetInt32();

    public double Number(string name) => _root.GetProperty(name).GetDouble();

    public double[] Doubles(string name, string part = "re") =>
        [.. _root.GetProperty(name).GetProperty(part).EnumerateArray().Select(value => value.GetDouble())];

    public long[] Shape(string name) =>
        [.. _root.GetProperty(name).GetProperty("shape").EnumerateArray().Select(value => value.GetInt64())];

    /// <summary>Complex values; the imaginary parts are 0 where there are none.</summary>
    public Complex[] Complexes(string name)
    {
        var real = Doubles(name);
        var imaginary = _root.GetProperty(name).TryGetProperty("im", out _) ? Doubles(name, "im") : new double[real.Length];
        return [.. real.Zip(imaginary, (one, other) => new Complex(one, other))];
    }

    /// <summary>As real and imaginary parts beside each other, as a checkpoint holds them.</summary>
    public double[] Pairs(string name) => [.. Complexes(name).SelectMany(value => new[] { value.Real, value.Imaginary })];

    public Tensor Real(string name) => tensor(Doubles(name)).reshape(Shape(name));

    public Tensor ComplexTensor(string name) => complex(
        tensor(Doubles(name)), tensor(Doubles(name, "im"))).reshape(Shape(name));

    /// <summary>A_real and A_imag of eigenvalues, as a checkpoint holds them.</summary>
    public (double[] Decay, double[] Frequency) Stored(string name)
    {
        var values = Complexes(name);
        return ([.. values.Select(value => Math.Log(-value.Real))], [.. values.Select(value => -value.Imaginary)]);
    }

    /// <summary>The greatest difference, as a share of the greatest absolute value expected.</summary>
    public static double Error(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var scale = expected.abs().max().item<double>();
        return expected.sub(actual).abs().max().item<double>() / scale;
    }

    public static void AssertWithin(double tolerance, Tensor expected, Tensor actual)
    {
        var error = Error(expected, actual);
        Console.WriteLine($"error {error:e2}");
        Assert.IsLessThanOrEqualTo(tolerance, error);
    }
}
