using System.Security.Cryptography;
using Sequence.Data;
using Sequence.Datasets;

namespace Sequence.LongRangeArena;

/// <summary>The folder that holds the arena's data and runs, and the mirror of public data sets.</summary>
public sealed class ArenaFolder
{
    private readonly string? _mirror;

    /// <summary>Creates it.</summary>
    /// <param name="path">The folder; made when the first file is written.</param>
    /// <param name="mirror">
    /// Folder of public data sets, laid out as data set / file. Null takes <see cref="DatasetFetcher.MirrorVariable"/>; empty
    /// there too means no mirror.
    /// </param>
    public ArenaFolder(string path, string? mirror = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
        _mirror = mirror;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A file or folder within it.</summary>
    public string Of(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>
    /// Brings a data set of the catalogue into the folder of its name here; files that are there are checked and kept.
    /// </summary>
    /// <param name="name">Name of the data set.</param>
    /// <param name="cancellationToken">Stops; what is finished stays.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="DataFormatException">A file has not the bytes of the catalogue; both digests are named.</exception>
    /// <exception cref="SequenceException">A file cannot be had; the message says how to get it.</exception>
    public string Fetch(string name, CancellationToken cancellationToken)
    {
        var dataset = DatasetCatalogue.Get(name);
        var folder = Of(name);
        foreach (var file in dataset.Files)
        {
            RequireRight(System.IO.Path.Combine(folder, file.Path), file);
        }

        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var fetcher = new DatasetFetcher(http, _mirror);
        fetcher.FetchAsync(dataset, folder, progress: null, cancellationToken).GetAwaiter().GetResult();
        return folder;
    }

    /// <summary>A file that is here and has other bytes may be somebody's own: it is not replaced unasked.</summary>
    private static void RequireRight(string path, DatasetFile file)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var stream = File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!string.Equals(found, file.Sha256, StringComparison.Ordinal))
        {
            throw new DataFormatException(
                $"has SHA-256 {found}; the catalogue says {file.Sha256}. It is damaged or another version: delete it, and it is " +
                "fetched again.",
                path);
        }
    }
}
