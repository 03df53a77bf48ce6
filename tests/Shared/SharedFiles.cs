namespace Sequence.Tests;

/// <summary>Reference files beside the repository; tests that need an absent one are inconclusive.</summary>
internal static class SharedFiles
{
    internal static string Reference(string relative) => Require(Path.Combine(Shared(), "reference", relative));

    internal static string Dataset(string relative) => Require(Path.Combine(
        Environment.GetEnvironmentVariable("SEQUENCE_DATA_MIRROR") ?? Path.Combine(Shared(), "datasets"), relative));

    private static string Require(string path)
    {
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        return path;
    }

    private static string Shared()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared");
    }
}
