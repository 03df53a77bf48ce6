using System.Formats.Tar;
using System.IO.Compression;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>Unpacks .zip and .tar.gz into a folder that appears whole or not at all.</summary>
internal static class Archive
{
    /// <summary>Unpacks; a folder of that name is replaced.</summary>
    /// <exception cref="DataFormatException">It is damaged, or an entry would land outside of the folder.</exception>
    /// <exception cref="SequenceException">The folder cannot be written.</exception>
    public static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            await using (var stream = File.OpenRead(archive))
            {
                await (archive.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
                    ? UnpackZipAsync(archive, stream, temporary, cancellationToken)
                    : UnpackTarAsync(archive, stream, temporary, cancellationToken));
            }

            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(temporary, folder);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException($"damaged: {exception.Message}", archive, null, null, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SequenceException($"{archive} cannot be unpacked to {folder}: {exception.Message}", exception);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static async Task UnpackZipAsync(
        string archive, Stream stream, string folder, CancellationToken cancellationToken)
    {
        await using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            var isFolder = entry.FullName.EndsWith('/') || entry.FullName.EndsWith('\\');
            if (Place(archive, entry.FullName, folder, isFolder) is { } path)
            {
                await using var content = await entry.OpenAsync(cancellationToken);
                await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await content.CopyToAsync(target, cancellationToken);
            }
        }
    }

    private static async Task UnpackTarAsync(
        string archive, Stream stream, string folder, CancellationToken cancellationToken)
    {
        await using var plain = new GZipStream(stream, CompressionMode.Decompress);
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }

            var isFolder = entry.EntryType == TarEntryType.Directory;
            if (!isFolder && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                throw new DataFormatException(
                    $"entry '{entry.Name}' is a {entry.EntryType}; only files and folders are unpacked.", archive);
            }

            if (Place(archive, entry.Name, folder, isFolder) is { } path)
            {
                await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                if (entry.DataStream is { } content)
                {
                    await content.CopyToAsync(target, cancellationToken);
                }
            }
        }
    }

    /// <summary>Where an entry goes; its folder is made. Null when it is a folder itself.</summary>
    private static string? Place(string archive, string name, string folder, bool isFolder)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name.Replace('\\', '/')));
        var inside = path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ||
            (isFolder && string.Equals(Path.TrimEndingDirectorySeparator(path), folder, StringComparison.Ordinal));
        if (!inside)
        {
            throw new DataFormatException(
                $"entry '{name}' would be written outside of the target folder. The archive is not to be trusted; " +
                "nothing was unpacked.",
                archive);
        }

        Directory.CreateDirectory(isFolder ? path : Path.GetDirectoryName(path)!);
        return isFolder ? null : path;
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }
}
