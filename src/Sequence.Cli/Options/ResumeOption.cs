using System.CommandLine;

namespace Sequence.Cli;

/// <summary>--resume of a command that keeps finished parts in its folder.</summary>
internal static class ResumeOption
{
    public static Option<bool> Create() => new("--resume") { Description = "Go on from the finished parts that a stopped run left in the folder; where there is none, begin." };

    /// <summary>Refuses to go on where nobody asked for it.</summary>
    /// <exception cref="ConfigurationException">The folder holds finished parts.</exception>
    public static void RequireAsked(bool isAsked, string folder, string pattern)
    {
        if (!isAsked && Directory.Exists(folder) && Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Any())
        {
            throw new ConfigurationException(
                $"{folder} holds finished parts of an earlier run. Add --resume to go on with it, give another --out, or delete the folder.");
        }
    }

    /// <summary>Does work that keeps its finished parts in a folder, if any; when it is stopped or fails, says how to go on.</summary>
    public static T Keeping<T>(string? folder, string pattern, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is OperationCanceledException or (SequenceException and not ConfigurationException))
        {
            var parts = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Count() : 0;
            if (parts > 0)
            {
                Console.Error.WriteLine($"{parts} finished {(parts == 1 ? "part is" : "parts are")} kept in {folder}; the same command with --resume goes on.");
            }

            throw;
        }
    }
}
