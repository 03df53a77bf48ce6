namespace Sequence.Datasets;

/// <summary>Writes a file whole or not at all: to a hidden temporary name beside it, then renamed.</summary>
internal static class AtomicWriting
{
    /// <exception cref="SequenceException">The file cannot be written; what was there before is untouched.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SequenceException(
                $"{path}: the file cannot be written: {exception.Message} Choose a folder that is writable and has room.",
                exception);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }
}
