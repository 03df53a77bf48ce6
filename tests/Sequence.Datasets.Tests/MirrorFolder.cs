namespace Sequence.Datasets.Tests;

/// <summary>The mirror of the data sets, where there is one.</summary>
internal static class MirrorFolder
{
    public static string Require()
    {
        var named = Environment.GetEnvironmentVariable(DatasetFetcher.MirrorVariable);
        if (!string.IsNullOrEmpty(named) && Directory.Exists(named))
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
            {
                var shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "datasets"));
                if (Directory.Exists(shared))
                {
                    return shared;
                }
            }
        }

        Assert.Inconclusive($"No mirror of the data sets: set {DatasetFetcher.MirrorVariable} to run this test.");
        return string.Empty;
    }
}
