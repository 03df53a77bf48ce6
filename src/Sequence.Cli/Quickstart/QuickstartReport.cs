namespace Sequence.Cli.Quickstart;

internal static class QuickstartReport
{
    public static void Write(string path, QuickstartRun run, QuickstartResult result) => File.WriteAllText(path, $"{run.Horizon} {result.Seconds}");
}
