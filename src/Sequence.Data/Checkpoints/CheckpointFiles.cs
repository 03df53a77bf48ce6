namespace Sequence.Data.Checkpoints;

/// <summary>Reads and writes the files of a checkpoint; every fault of the file system names the file.</summary>
internal static class CheckpointFiles
{
    public static byte[] ReadAllBytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(path, "does not exist.", exception);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            throw new CheckpointException(path, $"cannot be read: {exception.Message}", exception);
        }
    }

    public static void Write(string path, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
            foreach (var part in parts)
            {
                stream.Write(part.Span);
            }

            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            throw new CheckpointException(path, $"cannot be written: {exception.Message}", exception);
        }
    }

    public static bool IsFileFault(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}
