using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Sequence.Daemon.Configuration;
using Sequence.Daemon.Grpc;
using Sequence.Daemon.Security;

namespace Sequence.Daemon.Tests.Security;

/// <summary>Streams are begun once and last for days; who may go on with one is asked all the while.</summary>
[TestClass]
public sealed class StreamAccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Streams_WhoseKeyIsRemoved_End()
    {
        await using var daemon = await StartAsync();
        var (keeper, loader, reader) = (await KeyAsync("keeper", KeyScopes.Write), await KeyAsync("loader", KeyScopes.Write), await KeyAsync("reader", KeyScopes.Read));
        daemon.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", keeper);
        await daemon.PutAsync("a", """{"frequency":"D","model":"persistence"}""");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        var client = new ForecastStreams.ForecastStreamsClient(channel);
        using var append = client.Append(Bearer(loader));
        using var forecasts = client.Forecasts(new ForecastsRequest(), Bearer(reader));
        using var browser = new HttpClient { BaseAddress = daemon.Client.BaseAddress };
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", reader);
        await using var events = await EventReader.OpenAsync(browser, "/series/a/events");
        await append.RequestStream.WriteAsync(Batch(0));
        Assert.IsTrue(await append.ResponseStream.MoveNext(default));
        Assert.IsTrue(await forecasts.ResponseStream.MoveNext(default));
        await events.ForecastAsync();

        var file = new KeyFile(_folder.Path);
        await file.RemoveAsync("loader", TimeProvider.System);
        await file.RemoveAsync("reader", TimeProvider.System);
        await append.RequestStream.WriteAsync(Batch(1));
        await EndsAsync(append.ResponseStream.MoveNext(default));
        await EndsAsync(forecasts.ResponseStream.MoveNext(default));
        while (await events.NextAsync() is { } item)
        {
            Assert.AreEqual("heartbeat", item.EventType);
        }

        daemon.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync("looker", KeyScopes.Read));
        Assert.AreEqual(1, (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());

        static async Task EndsAsync(Task<bool> moving) => Assert.AreEqual(
            StatusCode.Unauthenticated, (await Assert.ThrowsExactlyAsync<RpcException>(() => moving.WaitAsync(TimeSpan.FromSeconds(20)))).StatusCode);
    }

    [TestMethod]
    public async Task Streams_OverGrpc_AskForTheScopeOfWhatTheyDo()
    {
        await using var daemon = await StartAsync();
        var (writer, reader) = (await KeyAsync("writer", KeyScopes.Write), await KeyAsync("reader", KeyScopes.Read));
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        var client = new ForecastStreams.ForecastStreamsClient(channel);
        Assert.AreEqual(StatusCode.PermissionDenied, await StatusAsync(client.Forecasts(new ForecastsRequest(), Bearer(writer)).ResponseStream));
        Assert.AreEqual(StatusCode.PermissionDenied, await StatusAsync(client.Append(Bearer(reader)).ResponseStream));
        Assert.AreEqual(StatusCode.Unauthenticated, await StatusAsync(client.Forecasts(new ForecastsRequest()).ResponseStream));
        var unknown = client.Forecasts(new ForecastsRequest { Series = { "none" } }, Bearer(reader));
        Assert.AreEqual(StatusCode.NotFound, await StatusAsync(unknown.ResponseStream));
        using var append = client.Append(Bearer(writer));
        await append.RequestStream.WriteAsync(Batch(0));
        Assert.IsTrue(await append.ResponseStream.MoveNext(default));

        static async Task<StatusCode> StatusAsync<T>(IAsyncStreamReader<T> stream) =>
            (await Assert.ThrowsExactlyAsync<RpcException>(() => stream.MoveNext(default))).StatusCode;
    }

    [TestMethod]
    public async Task Batches_OverTheRate_WaitForTheirTurn()
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Limits = new LimitOptions { RequestsPerSecond = 1, Burst = 2 } };
        await using var limits = new RateLimits(new LiveOptions(options), TimeProvider.System);
        var (one, other) = (new DefaultHttpContext(), new DefaultHttpContext());
        other.Connection.RemoteIpAddress = IPAddress.Loopback;
        await limits.WaitAsync(one, default);
        await limits.WaitAsync(one, default);
        var third = limits.WaitAsync(one, default);
        Assert.IsFalse(third.IsCompleted);
        Assert.IsTrue(limits.WaitAsync(other, default).IsCompletedSuccessfully);
        using var stop = new CancellationTokenSource();
        var fourth = limits.WaitAsync(one, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => fourth);
        await third.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public void Dispose() => _folder.Dispose();

    private static Metadata Bearer(string key) => new() { { "Authorization", $"Bearer {key}" } };

    private static AppendBatch Batch(int day) => new()
    {
        Series = "a",
        Observations = { new ObservationMessage { Time = Days.First.AddDays(day).ToTimestamp(), Value = day } },
    };

    private Task<string> KeyAsync(string name, KeyScopes scope) => new KeyFile(_folder.Path).AddAsync(name, scope, TimeProvider.System);

    private Task<RunningDaemon> StartAsync() => RunningDaemon.StartAsync(_folder.Path, change: options => options with
    {
        Grpc = new GrpcOptions { Url = "http://127.0.0.1:0" },
        Events = new EventOptions { Heartbeat = TimeSpan.FromMilliseconds(200) },
    });
}
