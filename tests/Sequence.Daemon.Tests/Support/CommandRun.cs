using System.Diagnostics;

namespace Sequence.Daemon.Tests;

/// <summary>A command that ends, and what it said.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static Task<CommandRun> SequenceAsync(params string[] arguments) =>
        OfAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "sequence.dll"), .. arguments]);

    public static async Task<CommandRun> OfAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandRun(process.ExitCode, output, await error);
    }
}
