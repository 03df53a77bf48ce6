using System.Globalization;
using System.Text.Json;

namespace Sequence.Benchmarks.Daemon;

/// <summary>The clock of the running daemon is set back by a day, by libfaketime; then it is started again on that clock.</summary>
internal static class ClockFault
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<bool> RunAsync(string folder, TimeSpan time)
    {
        if (!File.Exists(Library))
        {
            await Console.Error.WriteLineAsync("Install faketime first.");
            return false;
        }

        // Waits go by the clock that is never set, as they do on a real machine.
        var clock = Path.Combine(folder, "clock");
        await File.WriteAllTextAsync(clock, "+0\n");
        using var run = await FaultRun.StartAsync(
            "clock set back by a day", Path.Combine(folder, "data"),
            $"LD_PRELOAD={Library}", $"FAKETIME_TIMESTAMP_FILE={clock}", "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1");
        var (before, known, date) = (Array.Empty<JsonElement>(), string.Empty, default(DateTimeOffset?));
        var job = string.Empty;
        var report = await run.RunAsync(
            time,
            async () =>
            {
                before = await ReadAsync(run, string.Empty);
                known = before.Max(Known).ToString("O", CultureInfo.InvariantCulture);
                before = await ReadAsync(run, $"&knownAt={Uri.EscapeDataString(known)}");
                await File.WriteAllTextAsync(clock, "-86400\n");
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
                var (status, answered, body) = await run.PostAsync("/jobs/walk-forward", """{"series":["load-0"],"options":{"models":"persistence","horizon":3,"firstOrigin":"0.9"}}""");
                (date, job) = (answered, status == 202 ? await JobAsync(run, body.GetProperty("id").GetString()!) : $"{status} {body}");
            },
            async () =>
            {
                // The second life knows no other clock.
                await run.StopDaemonAsync();
                var began = TimeProvider.System.GetTimestamp();
                await run.StartDaemonAsync();
                return began;
            });
        FaultRun.Print(report);
        var after = await ReadAsync(run, $"&knownAt={Uri.EscapeDataString(known)}");
        var all = await ReadAsync(run, string.Empty);
        var back = all.Zip(all.Skip(1)).Count(pair => Known(pair.Second) < Known(pair.First));
        var same = before.Length == after.Length && before.Zip(after).All(pair => JsonElement.DeepEquals(pair.First, pair.Second));
        Console.WriteLine();
        Console.WriteLine($"The daemon's own date after it: {date:u}, {(date - TimeProvider.System.GetUtcNow())?.TotalHours:F1} h from the machine's.");
        Console.WriteLine($"Knowledge times of {all.Length:N0} observations in order: {back} went back. Known at the last time before it: {before.Length:N0} then, {after.Length:N0} now, {(same ? "the same" : "NOT the same")}.");
        Console.WriteLine($"A job queued after it: {job}");
        return report.IsWhole && back == 0 && same && date < TimeProvider.System.GetUtcNow().AddHours(-23) && job.StartsWith("Succeeded", StringComparison.OrdinalIgnoreCase);
    }

    private static DateTimeOffset Known(JsonElement row) => row.GetProperty("knownAt").GetDateTimeOffset();

    private static async Task<JsonElement[]> ReadAsync(FaultRun run, string query)
    {
        List<JsonElement> rows = [];
        for (string? after = string.Empty; after is not null;)
        {
            var page = await run.GetAsync($"/series/load-0/observations?limit=10000{query}{after}");
            rows.AddRange(page.GetProperty("observations").EnumerateArray());
            after = page.GetProperty("after").GetString() is { } last ? $"&after={Uri.EscapeDataString(last)}" : null;
        }

        return [.. rows];
    }

    private static async Task<string> JobAsync(FaultRun run, string id)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = await run.GetAsync($"/jobs/{id}");
            var state = job.GetProperty("state").ToString();
            var took = TimeProvider.System.GetElapsedTime(began);
            if (took > Patience || job.GetProperty("endedAt").ValueKind != JsonValueKind.Null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{state} after {took.TotalSeconds:F1} s {job.GetProperty("fault")} {job.GetProperty("errors")}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }
}
