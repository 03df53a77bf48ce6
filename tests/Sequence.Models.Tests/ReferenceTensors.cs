using System.Text.Json;
using static TorchSharp.torch;

namespace Sequence.Models.Tests;

/// <summary>
/// A file of reference values beside the repository: tensors of doubles, {"shape", "re"}, by name. A test that needs one
/// that is absent is inconclusive.
/// </summary>
internal sealed class ReferenceTensors
{
    private ReferenceTensors(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public static ReferenceTensors Read(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(
            folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "reference", "state-space", file);
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        return new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement);
    }

    public Tensor this[string name] => Tensor(Root.GetProperty(name));

    /// <summary>The real tensor of an element.</summary>
    public static Tensor Tensor(JsonElement element)
    {
        var shape = element.GetProperty("shape").EnumerateArray().Select(one => one.GetInt64()).ToArray();
        var values = element.GetProperty("re").EnumerateArray().Select(one => one.GetDouble()).ToArray();
        return tensor(values).reshape(shape);
    }

    /// <summary>Asserts agreement relative to the largest expected value.</summary>
    public static void AssertEqual(Tensor expected, Tensor actual, double relative, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        var scale = expected.abs().max().item<double>();
        var difference = expected.sub(actual).abs().max().item<double>();
        Console.WriteLine($"{what}: {difference / scale:E1} of the largest value");

        // NaN fails here; it would pass an ordered comparison.
        Assert.IsTrue(difference <= relative * scale, $"{what}: {difference} against a scale of {scale}");
    }
}
