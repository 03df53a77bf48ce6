namespace Sequence.Data.Tests.Support;

/// <summary>Finds the mirror of public data sets, or ends the test as inconclusive.</summary>
internal static class SharedData
{
    public static string Locate(string relativePath)
    {
        var mirror = Environment.GetEnvironmentVariable("SEQUENCE_DATA_MIRROR") ?? MirrorBesideRepository();
        var path = mirror is null ? null : Path.Combine(mirror, relativePath);
        if (path is null || !File.Exists(path))
        {
            Assert.Inconclusive($"The data mirror with {relativePath} is not on this machine; set SEQUENCE_DATA_MIRROR.");
        }

        return path;
    }

    private static string? MirrorBesideRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "datasets") : null;
    }
}
