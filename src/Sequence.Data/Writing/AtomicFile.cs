namespace Sequence.Data;

/// <summary>
/// Writes a file whole or not at all: to a hidden temporary name beside it, flushed to the disk, then renamed. What was
/// there before stays until then.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="createFolder">Whether a missing folder is made; otherwise it is a fault.</param>
    /// <exception cref="SequenceException">The file cannot be written; what was there before is untouched.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write, bool createFolder = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target)!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            if (createFolder)
            {
                Directory.CreateDirectory(folder);
            }

            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = exception switch
            {
                DirectoryNotFoundException => "its folder does not exist.",
                UnauthorizedAccessException => "no permission to write there.",
                _ => exception.Message,
            };
            throw new SequenceException(
                $"{path}: the file cannot be written: {reason} Choose a folder that exists, is writable and has room.", exception);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Writes a file without waiting asynchronously.</summary>
    /// <inheritdoc cref="WriteAsync" />
    public static void Write(string path, Action<Stream> write, bool createFolder = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        WriteAsync(
            path,
            stream =>
            {
                write(stream);
                return Task.CompletedTask;
            },
            createFolder).GetAwaiter().GetResult();
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
