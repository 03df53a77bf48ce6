using System.Diagnostics;

namespace Sequence.Benchmarks.Daemon;

/// <summary>Programs of the system that mount, fill and break.</summary>
internal static class Shell
{
    /// <summary>Runs one; false when it failed.</summary>
    public static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Runs one that must succeed.</summary>
    public static void Must(string program, params string[] arguments)
    {
        if (!Run(program, arguments))
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed; these faults need the rights of root on Linux.");
        }
    }
}
