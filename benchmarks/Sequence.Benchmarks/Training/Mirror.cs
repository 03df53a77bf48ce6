using Sequence.Datasets;

namespace Sequence.Benchmarks.Training;

/// <summary>Where the public data sets are on this machine.</summary>
internal static class Mirror
{
    /// <summary>The folder of a data set in the mirror: SEQUENCE_DATA_MIRROR, else shared/datasets beside the repository.</summary>
    /// <exception cref="ConfigurationException">There is no mirror.</exception>
    public static string Folder(string dataset)
    {
        if (Environment.GetEnvironmentVariable(DatasetFetcher.MirrorVariable) is { Length: > 0 } mirror)
        {
            return Path.Combine(mirror, dataset);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
            {
                var shared = Path.Combine(folder.FullName, "..", "shared", "datasets", dataset);
                return Directory.Exists(shared) ? shared : throw Missing();
            }
        }

        throw Missing();

        ConfigurationException Missing() => new(
            $"There is no mirror of the data set '{dataset}'. Name one in {DatasetFetcher.MirrorVariable}, or give the folder " +
            "of its files as an argument.");
    }
}
