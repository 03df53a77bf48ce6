namespace Sequence.Cli;

/// <summary>A text file that is there whole or not at all.</summary>
internal static class TextFile
{
    /// <exception cref="SequenceException">It cannot be written; what was there before is untouched.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllTextAsync(temporary, text, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = error switch
            {
                DirectoryNotFoundException => "its folder does not exist.",
                UnauthorizedAccessException => "no permission to write there.",
                _ => error.Message,
            };
            throw new SequenceException($"{path}: the file cannot be written: {reason}", error);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }
}
