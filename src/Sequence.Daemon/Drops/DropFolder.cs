using System.Globalization;

namespace Sequence.Daemon.Drops;

/// <summary>
/// The files of a watched folder, and where they go. Nothing is followed that leads out of it: links are passed over, and a
/// folder done or rejected that is a link is refused.
/// </summary>
internal sealed class DropFolder
{
    private const string Extension = ".csv";

    private readonly string _path;
    private readonly string _done;
    private readonly string _rejected;

    private DropFolder(string path)
    {
        _path = path;
        _done = Path.Combine(path, "done");
        _rejected = Path.Combine(path, "rejected");
    }

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made, or is made of links.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static DropFolder Open(string path)
    {
        var folder = new DropFolder(path);
        Directory.CreateDirectory(path);
        foreach (var part in new[] { folder._done, folder._rejected })
        {
            if (Directory.CreateDirectory(part).LinkTarget is not null)
            {
                throw new IOException($"{part} is a link; put a folder there.");
            }
        }

        return folder;
    }

    /// <summary>
    /// The files to be taken, in the order of their names. What is hidden, empty, a folder or a link is none; pipes and devices, which
    /// could be waited for without end, are empty.
    /// </summary>
    public FileInfo[] Files() =>
    [
        .. new DirectoryInfo(_path).EnumerateFiles()
            .Where(file => file.Extension.Equals(Extension, StringComparison.OrdinalIgnoreCase) && !file.Name.StartsWith('.')
                && file.LinkTarget is null && file.Length > 0)
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The name under which a file and its rejected rows are put aside: its own with the time it was written, and a number where that is
    /// taken. So it is the same when an interrupted reading is made again, and no later file of the name takes it, wherever those put
    /// aside have gone.
    /// </summary>
    public string NameAside(FileInfo file)
    {
        var stem = string.Create(
            CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file.Name)}.{file.LastWriteTimeUtc:yyyyMMdd'T'HHmmssfffffff'Z'}");
        var aside = stem + Extension;
        for (var number = 2; File.Exists(Path.Combine(_done, aside)); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}{Extension}");
        }

        return aside;
    }

    /// <summary>Where the rejected rows of a file put aside under a name are written.</summary>
    public string Rejected(string aside) => Path.Combine(_rejected, aside);

    /// <summary>Puts a file aside.</summary>
    public void PutAside(FileInfo file, string aside) => File.Move(file.FullName, Path.Combine(_done, aside));
}
