namespace Sequence.Daemon.Security;

/// <summary>What tells that a file was written again: when, and how long it is.</summary>
internal readonly record struct FileStamp(DateTimeOffset Written, long Length)
{
    /// <summary>The stamp of a file; one that is missing has a length of -1.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), file.Length) : new FileStamp(default, -1);
    }
}
