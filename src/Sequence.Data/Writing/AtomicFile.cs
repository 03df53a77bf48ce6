namespace Sequence.Data;

/// <summary>Writes a file whole or not at all: to a temporary name beside it, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <exception cref="SequenceException">The file cannot be written; what was there before is untouched.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new SequenceException(
                    $"{path}: the file cannot be written: {exception.Message} Choose a folder that exists, is writable and " +
                    "has room.",
                    exception);
            }

            throw;
        }
    }

    private static void TryDelete(string path)
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
