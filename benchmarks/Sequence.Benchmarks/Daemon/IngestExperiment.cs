using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// How fast the daemon, a process of its own, takes in observations from this process, each acknowledged only when it is
/// synced to disk and its series' state and forecast are fresh: batches of 100 from 8 clients, then single observations from
/// 50 clients. Each client has a series of its own on a small S4D checkpoint. Beside it the baseline: how often this disk
/// syncs a 4 KB write.
/// </summary>
/// <remarks>Argument: seconds of the batches (default 60); single observations get a quarter of it.</remarks>
internal static class IngestExperiment
{
    private const int BatchSize = 100;
    private const int BatchClients = 8;
    private const int SingleClients = 50;
    private const double Target = 20_000;

    private static readonly DateTimeOffset First = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static int Run(string[] arguments)
    {
        var time = TimeSpan.FromSeconds(arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 60);
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-ingest-").FullName;
        try
        {
            return RunAsync(folder, time).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, TimeSpan time)
    {
        var syncs = SyncsPerSecond(Path.Combine(folder, "sync"));
        SmallCheckpoints.WriteStack(folder, "stack", frequency: "S");
        using var daemon = await DaemonProcess.StartAsync(folder);
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = SingleClients };
        using var http = new HttpClient(handler) { BaseAddress = daemon.Address };
        await LoadAsync(http, "warm", BatchClients, BatchSize, TimeSpan.FromSeconds(5));

        Console.WriteLine("| load | observations/s | acknowledgements/s | to one sync of the disk | p50 ms | p99 ms | p99 / p50 | resident MB, each quarter |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var rate = Report($"batches of {BatchSize}, {BatchClients} clients", BatchSize, await LoadAsync(http, "batch", BatchClients, BatchSize, time, daemon.Id));
        _ = Report($"single observations, {SingleClients} clients", 1, await LoadAsync(http, "single", SingleClients, 1, time / 4, daemon.Id));
        Console.WriteLine($"Baseline: {syncs:F0} syncs/s of a 4 KB write to one file on the same disk.");
        Console.WriteLine($"{Target:N0} observations/s in batches: {(rate >= Target ? "yes" : "NO")}");
        daemon.Signal("TERM");
        var exit = await daemon.WaitAsync();
        Console.WriteLine($"Exit code after SIGTERM: {exit}");
        return rate >= Target && exit == 0 ? 0 : 1;

        double Report(string name, int size, Measured measured)
        {
            var latencies = measured.Milliseconds.Order().ToArray();
            var (median, tail) = (latencies[latencies.Length / 2], latencies[latencies.Length * 99 / 100]);
            var answers = latencies.Length / measured.Seconds;
            Console.WriteLine(
                $"| {name} | {answers * size:N0} | {answers:N0} | {answers / syncs:F2} | {median:F1} | {tail:F1} | {tail / median:F1} | " +
                $"{string.Join(", ", measured.ResidentMegabytes.Select(resident => resident.ToString("F0", CultureInfo.InvariantCulture)))} |");
            return answers * size;
        }
    }

    private static async Task<Measured> LoadAsync(HttpClient http, string name, int clients, int size, TimeSpan time, int? process = null)
    {
        for (var client = 0; client < clients; client++)
        {
            using var content = Json("""{"frequency":"S","model":"checkpoint:stack"}""");
            (await http.PutAsync($"/series/{name}-{client}", content)).EnsureSuccessStatusCode();
        }

        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        ConcurrentBag<double> milliseconds = [];
        var load = Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            for (var next = 0; clock.GetElapsedTime(began) < time; next += size)
            {
                using var content = Json(Batch(next, size));
                var sent = clock.GetTimestamp();
                using var response = await http.PostAsync($"/series/{name}-{client}/observations", content);
                response.EnsureSuccessStatusCode();
                milliseconds.Add(clock.GetElapsedTime(sent).TotalMilliseconds);
            }
        })).ToArray();
        List<double> resident = [];
        for (var quarter = 0; quarter < 4; quarter++)
        {
            await Task.Delay(time / 4.1, clock);
            if (process is { } id)
            {
                resident.Add(ResidentMemory.Megabytes(id));
            }
        }

        await Task.WhenAll(load);
        return new Measured([.. milliseconds], clock.GetElapsedTime(began).TotalSeconds, [.. resident]);
    }

    private static string Batch(int first, int size)
    {
        var text = new StringBuilder("[");
        for (var row = first; row < first + size; row++)
        {
            text.Append(row == first ? string.Empty : ",").Append(
                CultureInfo.InvariantCulture,
                $$"""{"time":"{{First.AddSeconds(row):yyyy-MM-ddTHH:mm:ss}}Z","value":{{100 + (10 * Math.Sin(row / 7.0)):R}}}""");
        }

        return text.Append(']').ToString();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static double SyncsPerSecond(string path)
    {
        const int Count = 500;
        var page = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var began = TimeProvider.System.GetTimestamp();
        for (var write = 0; write < Count; write++)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
        }

        return Count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private sealed record Measured(double[] Milliseconds, double Seconds, double[] ResidentMegabytes);
}
