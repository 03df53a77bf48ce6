using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Grpc;

namespace Sequence.Daemon.Tests.Telemetry;

[TestClass]
[DoNotParallelize]
public sealed class MetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Scrape_AfterWork_CountsItAndNamesNoSeries()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        foreach (var id in (string[])["zebra-one", "zebra-two"])
        {
            await daemon.PutAsync(id, """{"frequency":"D","model":"drift"}""");
            await daemon.PostAsync(id, Days.Array([(0, 1), (1, 2), (2, 3)]));
        }

        await daemon.PostAsync("zebra-one", Days.Array([(2, 3), (1, 5)]));
        await daemon.GetAsync("/series/zebra-one/forecast");
        await daemon.GetAsync("/series/zebra-one/observations");
        (await daemon.SendAsync(HttpMethod.Post, "/series/zebra-none/observations", Days.Array([(0, 1)]))).Refused(HttpStatusCode.NotFound);
        (await daemon.SendAsync(HttpMethod.Get, "/zebra-nowhere")).Refused(HttpStatusCode.NotFound);

        var text = (await daemon.SendAsync(HttpMethod.Get, "/metrics")).Body;
        Assert.DoesNotContain("zebra", text);
        Assert.AreEqual(6, Value(text, "sequence_daemon_observations_total", "outcome=\"added\""));
        Assert.AreEqual(1, Value(text, "sequence_daemon_observations_total", "outcome=\"revised\""));
        Assert.AreEqual(1, Value(text, "sequence_daemon_observations_total", "outcome=\"duplicate\""));
        Assert.AreEqual(3, Value(text, "sequence_daemon_appends_total", "outcome=\"stored\""));
        Assert.AreEqual(1, Value(text, "sequence_daemon_appends_total", "outcome=\"not-found\""));
        Assert.AreEqual(4, Value(text, "sequence_daemon_append_duration_seconds_count", string.Empty));
        Assert.AreEqual(1, Value(text, "sequence_daemon_forecast_duration_seconds_count", string.Empty));
        Assert.IsGreaterThanOrEqualTo(2, Value(text, "sequence_daemon_series_active", string.Empty));
        Assert.IsGreaterThanOrEqualTo(5, Value(text, "sequence_daemon_store_commit_duration_seconds_count", string.Empty));
        Assert.IsGreaterThanOrEqualTo(5, Value(text, "sequence_daemon_store_commit_writes_sum", string.Empty));
        Assert.IsGreaterThanOrEqualTo(3, Value(text, "sequence_daemon_replay_rows_total", string.Empty));
        Assert.Contains("http_server_request_duration_seconds", text);
        Assert.Contains("dotnet_process_memory_working_set", text);
    }

    [TestMethod]
    public async Task Scrape_AfterAppendsByGrpcAndByFile_CountsThem()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path, change: options => options with
        {
            Grpc = new GrpcOptions { Url = "http://127.0.0.1:0" },
            Drops = new DropOptions { Folder = "drops", Settle = TimeSpan.FromMilliseconds(20), Rescan = TimeSpan.FromMilliseconds(100) },
        });
        await daemon.PutAsync("zebra", """{"frequency":"D","model":"drift"}""");
        using (var channel = GrpcChannel.ForAddress(daemon.Addresses[1]))
        using (var call = new ForecastStreams.ForecastStreamsClient(channel).Append())
        {
            await call.RequestStream.WriteAsync(Batch("zebra", 3));
            await call.RequestStream.WriteAsync(Batch("zebra-none", 1));
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        }

        var drops = Path.Combine(_folder.Path, "drops");
        await File.WriteAllTextAsync(Path.Combine(drops, "zebra.new"), "time,value\n2020-01-03,3\n2020-01-04,4\n2020-01-05,5\n");
        File.Move(Path.Combine(drops, "zebra.new"), Path.Combine(drops, "zebra.csv"));
        await Until.TrueAsync(() => Directory.GetFiles(Path.Combine(drops, "done"), "zebra.*.csv").Length > 0);

        var text = (await daemon.SendAsync(HttpMethod.Get, "/metrics")).Body;
        Assert.DoesNotContain("zebra", text);
        Assert.AreEqual(5, Value(text, "sequence_daemon_observations_total", "outcome=\"added\""));
        Assert.AreEqual(1, Value(text, "sequence_daemon_observations_total", "outcome=\"duplicate\""));
        Assert.AreEqual(2, Value(text, "sequence_daemon_appends_total", "outcome=\"stored\""));
        Assert.AreEqual(1, Value(text, "sequence_daemon_appends_total", "outcome=\"not-found\""));
        Assert.AreEqual(3, Value(text, "sequence_daemon_append_duration_seconds_count", string.Empty));

        static AppendBatch Batch(string series, int count) => new()
        {
            Series = series,
            Observations = { Enumerable.Range(0, count).Select(day => new ObservationMessage { Time = Days.First.AddDays(day).ToTimestamp(), Value = day + 1 }) },
        };
    }

    [TestMethod]
    public async Task Collector_ByHttp_GetsMetricsWithoutAndSpansWithTheSeries()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        var got = new ConcurrentDictionary<string, string>();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            got.AddOrUpdate(signal, _ => Encoding.Latin1.GetString(body.ToArray()), (_, old) => old + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path, change: options => options with
        {
            Telemetry = new TelemetryOptions { OtlpEndpoint = collector.Urls.First(), OtlpTransport = OtlpTransport.Http },
        }))
        {
            await daemon.PutAsync("zebra", """{"frequency":"D","model":"drift"}""");
            await daemon.PostAsync("zebra", Days.Array([(0, 1), (1, 2), (2, 3)]));
            await daemon.StopAsync();
        }

        Assert.Contains("sequence.daemon.appends", got["metrics"]);
        Assert.DoesNotContain("zebra", got["metrics"]);
        Assert.Contains("sequence.series", got["traces"]);
        Assert.Contains("zebra", got["traces"]);
    }

    public void Dispose() => _folder.Dispose();

    private static double Value(string text, string name, string label)
    {
        var line = text.Split('\n').SingleOrDefault(one => (one.StartsWith(name + "{", StringComparison.Ordinal) || one.StartsWith(name + " ", StringComparison.Ordinal)) && one.Contains(label, StringComparison.Ordinal))
            ?? throw new AssertFailedException($"No {name} {label} in\n{text}");
        return double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
