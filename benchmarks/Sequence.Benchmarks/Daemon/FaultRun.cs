using System.Globalization;
using System.Text.Json;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>A daemon on a folder, a process of its own, and a client for each of its series that never gives up.</summary>
internal sealed class FaultRun : IDisposable
{
    private const int Series = 8;
    private const int LongestAnswer = 330;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly IReadOnlyList<string> _variables;
    private readonly HttpClient _http = new() { Timeout = Patience };

    private FaultRun(string name, string folder, IReadOnlyList<string> variables)
    {
        _name = name;
        Folder = folder;
        _variables = variables;
        Load = new ClusterLoad("load", Series, () => [Daemon!.Address]);
    }

    public string Folder { get; }

    public ClusterLoad Load { get; }

    public DaemonProcess? Daemon { get; private set; }

    public static async Task<FaultRun> StartAsync(string name, string folder, params string[] variables)
    {
        SmallCheckpoints.WriteStack(folder, "stack", frequency: "S");
        var run = new FaultRun(name, folder, variables);
        await run.StartDaemonAsync();
        await run.Load.CreateAsync();
        return run;
    }

    /// <summary>Starts the daemon, again when there was one.</summary>
    public async Task StartDaemonAsync()
    {
        var arguments = new[] { "daemon", "run", "--data-dir", Folder, "--urls", "http://127.0.0.1:0" };
        var started = await DaemonProcess.ListeningAsync(DaemonProcess.LaunchProgram("sequence", _variables, arguments));
        Daemon?.Dispose();
        Daemon = started;
    }

    /// <summary>Stops it as an operator does.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopDaemonAsync()
    {
        Daemon!.Signal("TERM");
        return Daemon.WaitAsync();
    }

    /// <summary>Loads the daemon for a time, then for that time under the fault, then until it has recovered and for that time again.</summary>
    /// <param name="time">Of each part.</param>
    /// <param name="inject">Begins the fault.</param>
    /// <param name="remove">Ends it; returns the instant from which recovery counts.</param>
    public async Task<FaultReport> RunAsync(TimeSpan time, Func<Task> inject, Func<Task<long>> remove)
    {
        using var stop = new CancellationTokenSource();
        var result = Load.Begin();
        var running = Load.RunAsync(result, stop.Token);
        await Task.Delay(time, TimeProvider.System);
        await inject();
        var injected = TimeProvider.System.GetTimestamp();
        await Task.Delay(time, TimeProvider.System);
        var removing = TimeProvider.System.GetTimestamp();
        var (lived, ready) = (!Daemon!.HasEnded, await ReadyAsync());
        var answered = string.Join("; ", result.Reasons.Take(2).Select(Shortened));
        var removed = await remove();
        while (result.AllServedAfter(removed) is null && TimeProvider.System.GetElapsedTime(removed) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var recovered = result.AllServedAfter(removed);
        if (recovered is not null)
        {
            await Task.Delay(time, TimeProvider.System);
            await stop.CancelAsync();
            await running;
        }

        var (lost, twice, foreign) = recovered is null ? (-1, -1, -1) : await Load.CheckAsync();
        return new FaultReport
        {
            Name = _name,
            AcknowledgedMeanwhile = result.AcknowledgedBetween(injected, removing),
            Answered = answered.Length == 0 ? "nothing refused" : answered,
            Ready = ready,
            Lived = lived && !Daemon.HasEnded,
            Recovered = recovered,
            Acknowledged = Load.Acknowledged,
            Lost = lost,
            Twice = twice,
            Foreign = foreign,
        };
    }

    /// <summary>What /health/ready says.</summary>
    public async Task<string> ReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Daemon!.Address, "/health/ready"));
            var text = await response.Content.ReadAsStringAsync();
            return Shortened($"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? text : JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString())}");
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError.ToString();
        }
    }

    /// <summary>GET of a path.</summary>
    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _http.GetStringAsync(new Uri(Daemon!.Address, path))).RootElement;

    /// <summary>Sends JSON and reads the answer.</summary>
    public async Task<(int Status, DateTimeOffset? Date, JsonElement Body)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(Daemon!.Address, path), content);
        return ((int)response.StatusCode, response.Headers.Date, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public void Dispose()
    {
        Daemon?.Dispose();
        Load.Dispose();
        _http.Dispose();
    }

    public static void Print(FaultReport report) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {report.Name} | {report.AcknowledgedMeanwhile:N0} | {report.Answered} | {report.Ready} | {(report.Lived ? "lived" : "ended")} | " +
        $"{(report.Recovered is { } time ? time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture) : "no")} | {report.Acknowledged:N0} / {report.Lost:N0} / {report.Twice:N0} / {report.Foreign:N0} |"));

    private string Shortened(string text)
    {
        var named = text.Replace(Folder, "DATA", StringComparison.Ordinal);
        return named.Length <= LongestAnswer ? named : named[..LongestAnswer] + "..";
    }
}
