using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sequence.Numerics;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// Many series in one daemon, a process of its own, each with the state of an LSTM of 64 units: what they take in memory while
/// all are active, what of it is left when all have been idle, how long a restart takes until the daemon is ready, and how
/// long the first request to a sleeping series waits. The answer of each series that is woken is compared with the one before
/// it slept.
/// </summary>
/// <remarks>
/// Arguments: series (default 100,000), seconds after which a series is idle (default 600, which the creation and the further
/// appends must not exceed), observations that each is sent one at a time after its first batch (default none), so that its watch has
/// forecasts behind it.
/// </remarks>
internal static class SeriesExperiment
{
    private const int Clients = 256;
    private const int Rows = 20;
    private const int Asked = 1_000;
    private const double MostMegabytes = 1_500;
    private const double LongestRestart = 30;

    // The engine looks once a minute, the last series are saved, and the memory is given back.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(180);

    private static readonly DateTimeOffset First = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeProvider Clock = TimeProvider.System;

    internal static int Run(string[] arguments)
    {
        var count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var idle = TimeSpan.FromSeconds(arguments.Length > 1 ? double.Parse(arguments[1], CultureInfo.InvariantCulture) : 600);
        var further = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 0;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-series-").FullName;
        try
        {
            return RunAsync(folder, count, idle, further).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, int count, TimeSpan idle, int further)
    {
        SmallCheckpoints.WriteLstm(folder, "lstm");
        var config = Path.Combine(folder, "daemon.json");
        await File.WriteAllTextAsync(config, $$"""{"idleAfter":"{{idle:c}}"}""");
        var hashes = new string[count];
        Console.WriteLine($"| {count:N0} series, LSTM of 64 units, idle after {idle.TotalSeconds:N0} s | |");
        Console.WriteLine("|---|---|");
        var active = 0.0;
        var allActive = false;
        using (var daemon = await DaemonProcess.StartAsync(folder, "--config", config))
        {
            using var http = Connect(daemon);
            Row("resident with no series", $"{ResidentMemory.Megabytes(daemon.Id):N0} MB");
            var began = Clock.GetTimestamp();
            await EachAsync(count, async series => hashes[series] = await CreateAsync(http, series));
            var created = Clock.GetElapsedTime(began);
            active = ResidentMemory.Megabytes(daemon.Id);
            Row($"creation and first append of {Rows}", $"{created.TotalSeconds:N0} s");
            if (further > 0)
            {
                Row("resident then", $"{active:N0} MB");
                await EachAsync(count, async series => hashes[series] = await AppendAsync(http, series, further));
                created = Clock.GetElapsedTime(began);
                active = ResidentMemory.Megabytes(daemon.Id);
                Row($"until each had {further} more appends of 1", $"{created.TotalSeconds:N0} s");
            }

            Row("resident while all are active", $"{active:N0} MB");
            allActive = created < idle;
            var awake = await AskAsync(http, hashes);
            Row("request to an active series, p50 and p99", $"{awake.Median:N1} and {awake.Tail:N1} ms");
            await Task.Delay(idle + Settling, Clock);
            Row("resident when all have been idle", $"{ResidentMemory.Megabytes(daemon.Id):N0} MB");
            daemon.Signal("TERM");
            Row("exit code", $"{await daemon.WaitAsync()}");
        }

        var started = Clock.GetTimestamp();
        using var again = await DaemonProcess.StartAsync(folder, "--config", config);
        var restart = Clock.GetElapsedTime(started).TotalSeconds;
        using var client = Connect(again);
        Row("restart until ready", $"{restart:N1} s");
        Row("resident after the restart", $"{ResidentMemory.Megabytes(again.Id):N0} MB");
        var asleep = await AskAsync(client, hashes);
        Row("first request to a sleeping series, p50 and p99", $"{asleep.Median:N1} and {asleep.Tail:N1} ms");
        Row($"of {Asked:N0} woken, with another state than before", $"{asleep.Unlike:N0}");
        if (!allActive)
        {
            Console.WriteLine("The first were idle before the last were created, so not all were active; give a longer time.");
        }

        var holds = allActive && active < MostMegabytes && restart < LongestRestart && asleep.Unlike == 0;
        Console.WriteLine($"Under {MostMegabytes:N0} MB and ready in under {LongestRestart:N0} s: {(holds ? "yes" : "NO")}");
        return holds ? 0 : 1;
    }

    private static void Row(string name, string value) => Console.WriteLine($"| {name} | {value} |");

    private static HttpClient Connect(DaemonProcess daemon) => new() { BaseAddress = daemon.Address };

    private static async Task EachAsync(int count, Func<int, Task> work) => await Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (series, _) => await work(series));

    /// <summary>Returns the hash of its state after the append.</summary>
    private static async Task<string> CreateAsync(HttpClient http, int series)
    {
        using var definition = Json("""{"frequency":"D","model":"checkpoint:lstm"}""");
        (await http.PutAsync(Address(series), definition)).EnsureSuccessStatusCode();
        return await SendAsync(http, series, 0, Rows);
    }

    /// <summary>Returns the hash of its state after the last of the appends, each of one observation.</summary>
    private static async Task<string> AppendAsync(HttpClient http, int series, int further)
    {
        var hash = string.Empty;
        for (var row = Rows; row < Rows + further; row++)
        {
            hash = await SendAsync(http, series, row, 1);
        }

        return hash;
    }

    private static async Task<string> SendAsync(HttpClient http, int series, int first, int count)
    {
        var rows = Enumerable.Range(first, count).Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"time":"{{First.AddDays(row):yyyy-MM-dd}}T00:00:00Z","value":{{100 + (series % 97) + (10 * Math.Sin(row / 7.0)):R}}}"""));
        using var batch = Json($"[{string.Join(',', rows)}]");
        using var response = await http.PostAsync(Address(series) + "/observations", batch);
        return await HashAsync(response);
    }

    /// <summary>Asks series drawn at random for their forecasts, one after the other.</summary>
    private static async Task<(double Median, double Tail, int Unlike)> AskAsync(HttpClient http, string[] hashes)
    {
        var random = new CounterRandom(seed: 1);
        List<double> milliseconds = [];
        var unlike = 0;
        for (var request = 0; request < Asked; request++)
        {
            var series = random.NextInt(hashes.Length);
            var sent = Clock.GetTimestamp();
            using var response = await http.GetAsync(Address(series) + "/forecast");
            milliseconds.Add(Clock.GetElapsedTime(sent).TotalMilliseconds);
            unlike += await HashAsync(response) == hashes[series] ? 0 : 1;
        }

        milliseconds.Sort();
        return (milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100], unlike);
    }

    private static async Task<string> HashAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return answer.RootElement.GetProperty("stateHash").GetString()!;
    }

    private static string Address(int series) => $"/series/s{series}";

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}
