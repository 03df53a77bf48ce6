using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sequence.Daemon;
using Sequence.Daemon.Clustering;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// Three daemons on one machine, with PostgreSQL and Redis of their own, under the load of a client for each series: what three
/// take in against one; one killed (kill -9); PostgreSQL gone for a while; Redis gone for a while. After all of it every
/// acknowledged observation must be there once.
/// </summary>
/// <remarks>Arguments: seconds of each load (default 30), seconds that a server is gone (default 60), series (default 24).</remarks>
internal static class ClusterExperiment
{
    private const int Nodes = 3;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    internal static int Run(string[] arguments)
    {
        var load = Seconds(arguments, 0, 30);
        var gone = Seconds(arguments, 1, 60);
        var series = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 24;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-cluster-").FullName;
        try
        {
            return RunAsync(folder, load, gone, series).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TimeSpan Seconds(string[] arguments, int index, double otherwise) => TimeSpan.FromSeconds(
        arguments.Length > index ? double.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise);

    private static async Task<int> RunAsync(string folder, TimeSpan time, TimeSpan gone, int series)
    {
        await using var postgres = await PostgresServer.CreateAsync(syncs: true);
        await using var redis = await RedisServer.CreateAsync();
        if (postgres is null || redis is null)
        {
            Console.Error.WriteLine("Install postgresql and redis-server first.");
            return 2;
        }

        var ports = FreePorts();
        var nodes = new DaemonProcess?[Nodes];
        try
        {
            nodes[0] = await StartAsync(0);
            using var alone = new ClusterLoad("alone", series, Addresses);
            await alone.CreateAsync();
            await LoadAsync(alone, Settling, _ => Task.FromResult(0L));

            Console.WriteLine("| experiment | acknowledged | observations/s | sent again | all series served again after s | longest gap of a series s |");
            Console.WriteLine("|---|---|---|---|---|---|");
            var (one, _) = await ReportAsync("one node", alone, time, _ => Task.FromResult(0L));

            // Series of their own, so that all nodes have some: those above stay where they are.
            nodes[1] = await StartAsync(1);
            nodes[2] = await StartAsync(2);
            using var load = new ClusterLoad("shared", series, Addresses);
            await load.CreateAsync();
            await LoadAsync(load, Settling, _ => Task.FromResult(0L));
            var (three, _) = await ReportAsync("three nodes", load, time, _ => Task.FromResult(0L));

            var (_, served) = await ReportAsync("one of three killed", load, time, async _ =>
            {
                await Task.Delay(time / 4, TimeProvider.System);
                var killed = TimeProvider.System.GetTimestamp();
                await nodes[1]!.KillAsync();
                return killed;
            });
            nodes[1]!.Dispose();
            nodes[1] = await StartAsync(1);

            var answers = string.Empty;
            var (_, database) = await ReportAsync($"PostgreSQL gone for {gone.TotalSeconds:F0} s", load, (2 * time) + gone, async result =>
            {
                await Task.Delay(time / 2, TimeProvider.System);
                await postgres.StopAsync("QUIT");
                var stopped = TimeProvider.System.GetTimestamp();
                await Task.Delay(gone, TimeProvider.System);
                answers += $"PostgreSQL gone: {result.ServedBetween(stopped, TimeProvider.System.GetTimestamp())} of {series} series served, ready says {await ReadyAsync(nodes[0]!)}\n";
                await postgres.StartAsync();
                return TimeProvider.System.GetTimestamp();
            });
            var (_, membership) = await ReportAsync($"Redis gone for {gone.TotalSeconds:F0} s", load, (2 * time) + gone, async result =>
            {
                await Task.Delay(time / 2, TimeProvider.System);
                await redis.StopAsync("KILL");
                var stopped = TimeProvider.System.GetTimestamp();
                await Task.Delay(gone, TimeProvider.System);
                answers += $"Redis gone: {result.ServedBetween(stopped, TimeProvider.System.GetTimestamp())} of {series} series served, ready says {await ReadyAsync(nodes[0]!)}\n";
                await redis.StartAsync();
                return TimeProvider.System.GetTimestamp();
            });

            await Task.Delay(Settling, TimeProvider.System);
            var (lost, duplicated, foreign) = await load.CheckAsync();
            var before = await alone.CheckAsync();
            (lost, duplicated, foreign) = (lost + before.Lost, duplicated + before.Duplicated, foreign + before.Foreign);
            var alive = nodes.Count(node => node is { HasEnded: false });
            Console.WriteLine();
            Console.Write(answers);
            Console.WriteLine($"After all: ready says {await ReadyAsync(nodes[0]!)}; {alive} of {Nodes} nodes run; {alone.Acknowledged + load.Acknowledged:N0} acknowledged, {lost:N0} lost, {duplicated:N0} stored twice, {foreign:N0} stored and never acknowledged or of another value.");
            Console.WriteLine($"Three nodes to one: {three / one:F2}. Membership timeout: {ClusterSetup.MembershipTimeout.TotalSeconds:F0} s.");
            return (lost, duplicated, foreign, alive) == (0, 0, 0, Nodes) && served < ClusterSetup.MembershipTimeout && database is not null && membership is not null ? 0 : 1;
        }
        finally
        {
            foreach (var node in nodes)
            {
                node?.Dispose();
            }
        }

        IReadOnlyList<Uri> Addresses() => [.. nodes.OfType<DaemonProcess>().Select(node => node.Address)];

        async Task<DaemonProcess> StartAsync(int node)
        {
            SmallCheckpoints.WriteStack(Path.Combine(folder, $"node-{node}"), "stack", frequency: "S");
            var options = new DaemonOptions
            {
                DataDir = Path.Combine(folder, $"node-{node}"),
                Urls = "http://127.0.0.1:0",
                Cluster = new ClusterOptions { PostgresConnection = postgres.Connection, RedisConnection = redis.Connection, SiloPort = ports[node] },
            };
            var file = Path.Combine(folder, $"node-{node}.json");
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(options));
            return await DaemonProcess.ListeningAsync(DaemonProcess.LaunchProgram("Sequence.Benchmarks", ClusterNodeChild.Command, file));
        }
    }

    /// <summary>Loads for a time, with a fault meanwhile that returns the instant from which recovery counts.</summary>
    private static async Task<(ClusterLoadResult Result, long Instant)> LoadAsync(ClusterLoad load, TimeSpan time, Func<ClusterLoadResult, Task<long>> fault)
    {
        using var stop = new CancellationTokenSource();
        var result = load.Begin();
        var running = load.RunAsync(result, stop.Token);
        var faulting = fault(result);
        await Task.Delay(time, TimeProvider.System);
        var instant = await faulting;
        await stop.CancelAsync();
        await running;
        return (result, instant);
    }

    private static async Task<(double Rate, TimeSpan? Served)> ReportAsync(string name, ClusterLoad load, TimeSpan time, Func<ClusterLoadResult, Task<long>> fault)
    {
        var (result, instant) = await LoadAsync(load, time, fault);
        var served = instant == 0 ? null : result.AllServedAfter(instant);
        Console.WriteLine(
            $"| {name} | {result.Observations:N0} | {result.Rate:N0} | {result.Repeated:N0} | {(served is { } after ? after.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) : "-")} | " +
            $"{result.LongestGap().TotalSeconds:F1} |");
        foreach (var reason in result.Reasons.Take(4))
        {
            Console.Error.WriteLine($"  {name}: {reason}");
        }

        return (result.Rate, served);
    }

    private static async Task<string> ReadyAsync(DaemonProcess node)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(40) };
        using var response = await http.GetAsync(new Uri(node.Address, "/health/ready"));
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    private static int[] FreePorts()
    {
        TcpListener[] probes = [.. Enumerable.Range(0, Nodes).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var probe in probes)
        {
            probe.Start();
        }

        int[] ports = [.. probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port)];
        foreach (var probe in probes)
        {
            probe.Dispose();
        }

        return ports;
    }
}
