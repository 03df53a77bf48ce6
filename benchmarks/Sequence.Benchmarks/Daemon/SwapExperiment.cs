using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sequence.Daemon.Registry;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// What a swap of the model does to requests: the daemon, a process of its own, under the load of clients that append single
/// observations and ask for forecasts, first as it is, then while the champion moves back and forth each second between two
/// versions. The expected count of failed requests is 0, and the p99 of the second part under twice that of the first.
/// </summary>
/// <remarks>Arguments: seconds of each part (default 30), rows that each series has before (default 20000).</remarks>
internal static class SwapExperiment
{
    private const int Clients = 8;
    private const int Batch = 10_000;

    private static readonly DateTimeOffset First = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static int Run(string[] arguments)
    {
        var time = TimeSpan.FromSeconds(arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 30);
        var rows = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 20_000;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-swap-").FullName;
        try
        {
            return RunAsync(folder, time, rows).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, TimeSpan time, int rows)
    {
        using var daemon = await DaemonProcess.StartAsync(Path.Combine(folder, "data"));
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Clients + 1 };
        using var http = new HttpClient(handler) { BaseAddress = daemon.Address };
        string[] versions = [await RegisterAsync(http, folder, 3), await RegisterAsync(http, folder, 4)];
        await MoveAsync(http, versions[0]);
        for (var client = 0; client < Clients; client++)
        {
            await SendAsync(http, HttpMethod.Put, $"/series/s-{client}", """{"frequency":"S","model":"model:m"}""");
            for (var row = 0; row < rows; row += Batch)
            {
                await SendAsync(http, HttpMethod.Post, $"/series/s-{client}/observations", Rows(row, Math.Min(Batch, rows - row)));
            }
        }

        var next = Enumerable.Repeat(rows, Clients).ToArray();
        await LoadAsync(http, next, TimeSpan.FromSeconds(5), null);
        var before = await LoadAsync(http, next, time, null);
        var during = await LoadAsync(http, next, time, versions);
        var after = await LoadAsync(http, next, time, null);
        Console.WriteLine($"{Clients} clients, each with a series of {rows:N0} rows before.");
        Console.WriteLine("| part | requests | failed | p50 ms | p99 ms | longest ms | swaps | answers of each version |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        Report("before", before);
        Report("while swapping", during);
        Report("after", after);
        var ratio = during.At(0.99) / before.At(0.99);
        var isWell = before.Failed + during.Failed + after.Failed == 0 && ratio < 2 && versions.All(during.Answers.ContainsKey);
        Console.WriteLine($"p99 while swapping to p99 before: {ratio:F2}. 0 failed and under 2: {(isWell ? "yes" : "NO")}");
        daemon.Signal("TERM");
        return await daemon.WaitAsync() == 0 && isWell ? 0 : 1;

        void Report(string name, Measured part) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {part.Milliseconds.Length:N0} | {part.Failed} | {part.At(0.5):F1} | {part.At(0.99):F1} | {part.At(1):F1} | {part.Swaps} | " +
            $"{string.Join(", ", versions.Select(version => part.Answers.GetValueOrDefault(version).ToString("N0", CultureInfo.InvariantCulture)))} |"));
    }

    private static async Task<Measured> LoadAsync(HttpClient http, int[] next, TimeSpan time, string[]? versions)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        ConcurrentBag<double> milliseconds = [];
        ConcurrentDictionary<string, int> answers = new(StringComparer.Ordinal);
        var failed = 0;
        var load = Enumerable.Range(0, next.Length).Select(client => Task.Run(async () =>
        {
            while (clock.GetElapsedTime(began) < time)
            {
                await MeasureAsync(HttpMethod.Post, $"/series/s-{client}/observations", Rows(next[client]++, 1));
                if (await MeasureAsync(HttpMethod.Get, $"/series/s-{client}/forecast", null) is { } answer)
                {
                    answers.AddOrUpdate(JsonDocument.Parse(answer).RootElement.GetProperty("modelVersion").GetString()!, 1, (_, count) => count + 1);
                }
            }
        })).ToArray();
        var swaps = 0;
        while (versions is not null && clock.GetElapsedTime(began) < time - TimeSpan.FromSeconds(1))
        {
            await MoveAsync(http, versions[++swaps % 2]);
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
        }

        await Task.WhenAll(load);
        return new Measured([.. milliseconds.Order()], failed, swaps, answers);

        async Task<string?> MeasureAsync(HttpMethod method, string path, string? body)
        {
            var sent = clock.GetTimestamp();
            try
            {
                return await SendAsync(http, method, path, body);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref failed);
                return null;
            }
            finally
            {
                milliseconds.Add(clock.GetElapsedTime(sent).TotalMilliseconds);
            }
        }
    }

    private static async Task<string> RegisterAsync(HttpClient http, string folder, ulong seed)
    {
        var files = CheckpointArchive.ReadFolder(SmallCheckpoints.WriteStack(folder, $"m{seed}", seed, "S"), 1 << 20);
        using var content = new ByteArrayContent(CheckpointArchive.Write(files));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        using var response = await http.PutAsync("/models/m/versions", content);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("version").GetString()!;
    }

    private static Task<string> MoveAsync(HttpClient http, string version) =>
        SendAsync(http, HttpMethod.Put, "/models/m/aliases/champion", $$"""{"version":"{{version}}"}""");

    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private static string Rows(int first, int count) => $"[{string.Join(',', Enumerable.Range(first, count).Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"time":"{{First.AddSeconds(row):yyyy-MM-ddTHH:mm:ss}}Z","value":{{100 + (10 * Math.Sin(row / 7.0)):R}}}""")))}]";

    private sealed record Measured(double[] Milliseconds, int Failed, int Swaps, IReadOnlyDictionary<string, int> Answers)
    {
        public double At(double share) => Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(share * Milliseconds.Length))];
    }
}
