using System.Text.Json;

namespace Sequence.Cli.Tests.Hosting;

[TestClass]
public sealed class RuntimeConfigurationTests
{
    /// <summary>Handles of libtorch die under the concurrent collector.</summary>
    [TestMethod]
    public void ConcurrentCollection_InEveryExecutableAndTestHostBuilt_IsOff()
    {
        var root = Files.RepositoryRoot();
        var found = new[] { "src", "tests", "benchmarks" }
            .Select(name => Path.Combine(root, name))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder, "bin", SearchOption.AllDirectories))
            .SelectMany(bin => Directory.EnumerateFiles(bin, "*.runtimeconfig.json", SearchOption.AllDirectories))
            .ToArray();
        Assert.IsTrue(found.Any(path => Path.GetFileName(path) == "sequence.runtimeconfig.json"));
        Assert.IsTrue(found.Any(path => Path.GetFileName(path) == "Sequence.Cli.Tests.runtimeconfig.json"));
        foreach (var path in found)
        {
            var options = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("runtimeOptions");
            Assert.IsTrue(
                options.TryGetProperty("configProperties", out var properties)
                && properties.TryGetProperty("System.GC.Concurrent", out var concurrent)
                && concurrent.ValueKind == JsonValueKind.False,
                path);
        }

        Assert.AreNotEqual(System.Runtime.GCLatencyMode.Interactive, System.Runtime.GCSettings.LatencyMode);
    }
}
