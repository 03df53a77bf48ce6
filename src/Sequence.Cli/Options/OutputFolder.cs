namespace Sequence.Cli;

/// <summary>A folder that results will go to.</summary>
internal static class OutputFolder
{
    /// <summary>Creates the folder and proves that a file can be written, before the work instead of after it.</summary>
    /// <exception cref="ConfigurationException">It cannot be written to.</exception>
    public static string Prepare(string folder)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(full);
            var probe = Path.Combine(full, $".sequence-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return full;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--out {folder} cannot be written to: {error.Message}");
        }
    }
}
