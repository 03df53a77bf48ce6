using System.Text.Json;
using Sequence.Daemon;

namespace Sequence.Benchmarks.Daemon;

/// <summary>One node of the cluster experiment: a daemon with options from a file.</summary>
internal static class ClusterNodeChild
{
    internal const string Command = "daemon-node";

    internal static int Run(string[] arguments)
    {
        var options = JsonSerializer.Deserialize<DaemonOptions>(File.ReadAllText(arguments[0]))!;
        var run = DaemonHost.RunAsync(options, addresses => Console.Out.WriteLine($"Listening on {addresses.First()}"), default);
        return run.GetAwaiter().GetResult() ? 0 : 1;
    }
}
