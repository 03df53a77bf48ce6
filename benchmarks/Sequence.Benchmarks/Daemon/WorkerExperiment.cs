using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// What a libtorch worker that aborts (a matmul of shapes that do not fit) or is killed does to the daemon under load: four clients append to
/// and ask series that run in process, four ask series that the worker computes. Every few seconds the worker is made to abort by a
/// value, or is killed. Expected: no answer but 200 of the streaming series; of the others 200, or 503 with Retry-After; the worker restarted.
/// </summary>
/// <remarks>Argument: faults of each kind (default 5).</remarks>
internal static class WorkerExperiment
{
    private const int Clients = 4;

    private static readonly DateTimeOffset First = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeProvider Clock = TimeProvider.System;

    internal static int Run(string[] arguments)
    {
        var faults = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-worker-").FullName;
        try
        {
            return RunAsync(folder, faults).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, int faults)
    {
        SmallCheckpoints.WriteWindow(folder, "window");
        var config = Path.Combine(folder, "daemon.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            workers = new { program = (string[])["dotnet", typeof(WorkerExperiment).Assembly.Location, AbortingWorkerChild.Command] },
        }));
        using var daemon = await DaemonProcess.StartAsync(folder, "--config", config);
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = (2 * Clients) + 2 };
        using var http = new HttpClient(handler) { BaseAddress = daemon.Address };
        for (var client = 0; client < Clients; client++)
        {
            await CreateAsync(http, $"plan-{client}", "checkpoint:window");
            await CreateAsync(http, $"torch-{client}", "worker:window");
        }

        await CreateAsync(http, "poison", "worker:window");
        await UntilAsync(http, HttpStatusCode.OK);
        using var stop = new CancellationTokenSource();
        ConcurrentDictionary<(string Kind, string Answer), int> answers = new();
        ConcurrentBag<double> before = [];
        ConcurrentBag<double> during = [];
        var latencies = before;
        var load = Enumerable.Range(0, Clients).SelectMany(client => new[] { StreamAsync(client), AskAsync(client) }).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(5), Clock);
        latencies = during;
        List<double> recoveries = [];
        var day = 100;
        for (var fault = 0; fault < 2 * faults; fault++)
        {
            if (fault % 2 == 0)
            {
                await SendAsync(http, HttpMethod.Post, "/series/poison/observations", Row(day++, AbortingWorkerChild.Poison));
                await SendAsync(http, HttpMethod.Post, "/series/poison/observations", Row(day++, 1));
            }
            else
            {
                foreach (var worker in WorkersOf(daemon.Id))
                {
                    using (worker)
                    {
                        worker.Kill();
                    }
                }
            }

            await UntilAsync(http, HttpStatusCode.ServiceUnavailable);
            var fell = Clock.GetTimestamp();
            await UntilAsync(http, HttpStatusCode.OK);
            recoveries.Add(Clock.GetElapsedTime(fell).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(1), Clock);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Console.WriteLine($"{faults} aborts inside libtorch and {faults} kills of the worker, {2 * Clients} clients.");
        Console.WriteLine("| requests | answers |");
        Console.WriteLine("|---|---|");
        foreach (var kind in answers.Keys.Select(one => one.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"| {kind} | {string.Join(", ", answers.Where(one => one.Key.Kind == kind).OrderByDescending(one => one.Value).Select(one => $"{one.Key.Answer}: {one.Value:N0}"))} |");
        }

        Console.WriteLine($"Served again after: {string.Join(", ", recoveries.Select(one => one.ToString("F1", CultureInfo.InvariantCulture)))} s.");
        Console.WriteLine($"Streaming series, p99: {Tail(before):F1} ms before, {Tail(during):F1} ms during the faults.");
        var isWell = answers.Keys.All(one => one.Kind == "computed by the worker" ? one.Answer is "200" or "503 with Retry-After" : one.Answer == "200");
        Console.WriteLine($"Streaming untouched, the others 200 or 503 with Retry-After: {(isWell ? "yes" : "NO")}");
        daemon.Signal("TERM");
        return await daemon.WaitAsync() == 0 && isWell ? 0 : 1;

        async Task StreamAsync(int client)
        {
            for (var next = 60; !stop.IsCancellationRequested; next++)
            {
                var sent = Clock.GetTimestamp();
                Count("in process", await SendAsync(http, HttpMethod.Post, $"/series/plan-{client}/observations", Row(next, 100 + (next % 9))));
                Count("in process", await SendAsync(http, HttpMethod.Get, $"/series/plan-{client}/forecast", null));
                latencies.Add(Clock.GetElapsedTime(sent).TotalMilliseconds / 2);
            }
        }

        async Task AskAsync(int client)
        {
            while (!stop.IsCancellationRequested)
            {
                Count("computed by the worker", await SendAsync(http, HttpMethod.Get, $"/series/torch-{client}/forecast", null));
            }
        }

        void Count(string kind, string answer) => answers.AddOrUpdate((kind, answer), 1, (_, count) => count + 1);
    }

    private static double Tail(IEnumerable<double> milliseconds) => milliseconds.Order().ToArray() is var sorted ? sorted[sorted.Length * 99 / 100] : 0;

    private static async Task CreateAsync(HttpClient http, string id, string model)
    {
        await SendAsync(http, HttpMethod.Put, $"/series/{id}", $$"""{"frequency":"D","model":"{{model}}"}""");
        await SendAsync(http, HttpMethod.Post, $"/series/{id}/observations", $"[{string.Join(',', Enumerable.Range(0, 60).Select(day => Row(day, 100 + (day % 9))[1..^1]))}]");
    }

    private static async Task UntilAsync(HttpClient http, HttpStatusCode status)
    {
        while (!(await SendAsync(http, HttpMethod.Get, "/series/torch-0/forecast", null)).StartsWith(((int)status).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Clock);
        }
    }

    private static string Row(int day, double value) => string.Create(
        CultureInfo.InvariantCulture, $$"""[{"time":"{{First.AddDays(day):yyyy-MM-dd}}T00:00:00Z","value":{{value:R}}}]""");

    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.ServiceUnavailable
            ? response.Headers.RetryAfter is null ? "503" : "503 with Retry-After"
            : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<Process> WorkersOf(int daemon) => Directory.EnumerateDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
        .Where(path => IsChild(path, daemon))
        .Select(path => Process.GetProcessById(int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)));

    private static bool IsChild(string path, int parent)
    {
        try
        {
            return File.ReadLines(Path.Combine(path, "status")).Contains($"PPid:\t{parent}", StringComparer.Ordinal);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return false;
        }
    }
}
