using System.Formats.Tar;
using System.IO.Compression;
using Sequence.Data.Checkpoints;

namespace Sequence.Daemon.Registry;

/// <summary>
/// The two files of a checkpoint as one body: a tar archive. What comes from outside, tar or zip, may hold these two files and
/// nothing else; names with a folder, links, devices and files given twice are refused before anything is written.
/// </summary>
internal static class CheckpointArchive
{
    private static readonly string[] Names = [Checkpoint.ManifestFile, Checkpoint.WeightsFile];

    /// <summary>Reads a tar archive.</summary>
    /// <param name="stream">The archive.</param>
    /// <param name="limit">Most bytes of the files together.</param>
    /// <returns>Content by file name.</returns>
    /// <exception cref="DaemonException">It is no such archive.</exception>
    public static Dictionary<string, byte[]> ReadTar(Stream stream, long limit)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var tar = new TarReader(stream, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
            {
                // "tar -C folder ." begins with the folder itself.
                if (entry.EntryType == TarEntryType.Directory && entry.Name is "." or "./")
                {
                    continue;
                }

                var name = Allow(entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name, files);
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                {
                    throw Refused($"'{name}' is a {entry.EntryType}, not a file");
                }

                files.Add(name, ReadAll(entry.DataStream ?? Stream.Null, limit - files.Values.Sum(file => file.LongLength)));
            }
        }
        catch (Exception error) when (IsBroken(error))
        {
            throw Broken("tar", error);
        }

        return Whole(files);
    }

    /// <summary>Reads a zip archive; otherwise like <see cref="ReadTar"/>.</summary>
    public static Dictionary<string, byte[]> ReadZip(Stream stream, long limit)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in zip.Entries)
            {
                var name = Allow(entry.FullName, files);

                // The upper half holds the kind of file where the archive was made on Unix: a link is 0xA000.
                var kind = (entry.ExternalAttributes >> 16) & 0xF000;
                if (kind is not (0 or 0x8000))
                {
                    throw Refused($"'{name}' is not a file");
                }

                using var content = entry.Open();
                files.Add(name, ReadAll(content, limit - files.Values.Sum(file => file.LongLength)));
            }
        }
        catch (Exception error) when (IsBroken(error))
        {
            throw Broken("zip", error);
        }

        return Whole(files);
    }

    /// <summary>Reads the two files of a folder.</summary>
    public static Dictionary<string, byte[]> ReadFolder(string folder, long limit)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (file.LinkTarget is not null)
            {
                throw Refused($"'{name}' is a link");
            }

            if (!file.Exists)
            {
                continue;
            }

            using var stream = file.OpenRead();
            files.Add(name, ReadAll(stream, limit - files.Values.Sum(one => one.LongLength)));
        }

        return Whole(files);
    }

    /// <summary>The files as a tar archive, the same bytes for the same files.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, byte[]> files)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var name in Names)
            {
                using var content = new MemoryStream(files[name], writable: false);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch });
            }
        }

        return archive.ToArray();
    }

    private static string Allow(string name, Dictionary<string, byte[]> files) =>
        !Names.Contains(name, StringComparer.Ordinal) ? throw Refused($"'{name[..Math.Min(100, name.Length)]}' is no file of a checkpoint")
        : files.ContainsKey(name) ? throw Refused($"'{name}' is there twice")
        : name;

    private static byte[] ReadAll(Stream stream, long room)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > room)
            {
                throw Refused("its files are larger than Registry.LargestVersion allows");
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static Dictionary<string, byte[]> Whole(Dictionary<string, byte[]> files) =>
        files.Count == Names.Length ? files : throw Refused($"it lacks {string.Join(" and ", Names.Where(name => !files.ContainsKey(name)))}");

    private static bool IsBroken(Exception error) =>
        error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or NotSupportedException;

    private static DaemonException Broken(string kind, Exception error) =>
        new(DaemonFault.Invalid, $"The body is no whole {kind} archive: {error.Message} Nothing was stored.", error);

    private static DaemonException Refused(string what) => new(
        DaemonFault.Invalid,
        $"The checkpoint is refused: {what}. It is {string.Join(" and ", Names)} and nothing else. Nothing was stored.");
}
