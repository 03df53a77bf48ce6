using Parquet;

namespace Sequence.Data.Parquet;

/// <summary>Opens Parquet files that may be missing, damaged or something else altogether.</summary>
public static class ParquetFile
{
    private static readonly TimeSpan LongestFooterRead = TimeSpan.FromSeconds(10);

    /// <summary>Reads a file; whatever goes wrong in it is a <see cref="DataFormatException"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the opened file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="DataFormatException">The file is missing, damaged or not what the reader expects.</exception>
    public static async Task<T> ReadAsync<T>(
        string path, Func<ParquetReader, Task<T>> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length == 0)
            {
                throw new DataFormatException("The file is empty.", path);
            }

            // The library can spin without end in a damaged footer, which takes no time at all to read when it is whole.
            await using var reader = await Task
                .Run(() => ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken), cancellationToken)
                .WaitAsync(LongestFooterRead, cancellationToken);
            return await read(reader);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException("There is no such file.", path, innerException: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFormatException($"The file cannot be read: {exception.Message}", path, innerException: exception);
        }
        catch (Exception exception) when (exception is not (SequenceException or OperationCanceledException))
        {
            // A damaged file makes the decoder fail in any way at all: wrong sizes, unknown codes, broken compression.
            throw new DataFormatException(
                $"The file is not a Parquet file or is damaged ({exception.Message}). Write it again.",
                path,
                innerException: exception);
        }
    }
}
