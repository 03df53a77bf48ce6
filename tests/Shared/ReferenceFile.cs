using System.Numerics;
using System.Text.Json;

namespace Sequence.Tests;

/// <summary>
/// Reference values beside the repository: tensors stored as shape, real parts and perhaps imaginary parts, row by row.
/// A test whose file is absent is inconclusive.
/// </summary>
internal sealed class ReferenceFile
{
    private readonly JsonElement _root;

    private ReferenceFile(JsonElement root) => _root = root;

    public static ReferenceFile Open(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(
            folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "reference", "state-space", name);
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new ReferenceFile(document.RootElement.Clone());
    }

    public IEnumerable<ReferenceFile> Cases(string name) =>
        _root.GetProperty(name).EnumerateArray().Select(element => new ReferenceFile(element));

    public ReferenceFile Part(string name) => new(_root.GetProperty(name));

    public bool Has(string name) => _root.TryGetProperty(name, out _);

    public string Text(string name) => _root.GetProperty(name).GetString()!;

    public int Integer(string name) => _root.GetProperty(name).GetInt32();

    public double Number(string name) => _root.GetProperty(name).GetDouble();

    public int[] Shape(string name) => [.. _root.GetProperty(name).GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];

    public double[] Real(string name) => Numbers(name, "re");

    /// <summary>Complex values; the imaginary parts are 0 where there are none.</summary>
    public Complex[] Complex(string name)
    {
        var real = Real(name);
        var imaginary = _root.GetProperty(name).TryGetProperty("im", out _) ? Numbers(name, "im") : new double[real.Length];
        return [.. real.Select((value, index) => new Complex(value, imaginary[index]))];
    }

    /// <summary>Complex values as real and imaginary parts beside each other, as a checkpoint holds them.</summary>
    public double[] Pairs(string name) => [.. Complex(name).SelectMany(value => new[] { value.Real, value.Imaginary })];

    private double[] Numbers(string name, string part) =>
        [.. _root.GetProperty(name).GetProperty(part).EnumerateArray().Select(element => element.GetDouble())];
}
