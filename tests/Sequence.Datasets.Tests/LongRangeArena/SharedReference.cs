namespace Sequence.Datasets.Tests.LongRangeArena;

/// <summary>Reference files beside the repository; tests that need an absent one are inconclusive.</summary>
internal static class SharedReference
{
    internal static string Require(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "reference", relative);
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        return path;
    }
}
