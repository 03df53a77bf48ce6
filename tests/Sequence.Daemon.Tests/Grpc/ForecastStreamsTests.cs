using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Grpc;

namespace Sequence.Daemon.Tests.Grpc;

[TestClass]
public sealed class ForecastStreamsTests : IDisposable
{
    private const string Daily = """{"frequency":"D","model":"persistence","horizon":2,"levels":[80]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(200);

    [TestMethod]
    public async Task Append_ManyBatches_AreReceiptedInOrderAndStored()
    {
        await using var daemon = await StartAsync("a", "b");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        using var call = new ForecastStreams.ForecastStreamsClient(channel).Append();
        var hashes = new Dictionary<string, string>();
        var reading = Task.Run(async () =>
        {
            var number = 0L;
            await foreach (var receipt in call.ResponseStream.ReadAllAsync())
            {
                Assert.AreEqual(number, receipt.Batch);
                Assert.AreEqual(BatchStatus.Stored, receipt.Status, receipt.Reason);
                Assert.AreEqual(2, receipt.Added);
                hashes[number % 2 == 0 ? "a" : "b"] = receipt.StateHash;
                number++;
            }

            return number;
        });
        for (var number = 0; number < 100; number++)
        {
            await call.RequestStream.WriteAsync(Batch(number % 2 == 0 ? "a" : "b", 2 * (number / 2), 2));
        }

        await call.RequestStream.CompleteAsync();
        Assert.AreEqual(100, await reading);
        foreach (var id in new[] { "a", "b" })
        {
            var rows = (await daemon.GetAsync($"/series/{id}/observations?limit=1000")).GetProperty("observations").EnumerateArray();
            CollectionAssert.AreEqual(_prices[..100], rows.Select(row => row.GetProperty("value").GetDouble()).ToArray());
            Assert.AreEqual(hashes[id], (await daemon.GetAsync($"/series/{id}")).GetProperty("state").GetProperty("stateHash").GetString());
        }
    }

    [TestMethod]
    public async Task Append_ABatchThatIsRefused_DoesNotEndTheStream()
    {
        await using var daemon = await StartAsync("a");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        using var call = new ForecastStreams.ForecastStreamsClient(channel).Append();
        var notFinite = Batch("a", 0, 1);
        notFinite.Observations[0].Value = double.NaN;
        var noTime = Batch("a", 0, 1);
        noTime.Observations[0].Time = null;
        var farTime = Batch("a", 0, 1);
        farTime.Observations[0].Time = new Timestamp { Seconds = long.MaxValue };
        var offGrid = Batch("a", 0, 2);
        offGrid.Observations[1].Time = Days.First.AddHours(5).ToTimestamp();
        var numbered = Batch("a", 0, 1);
        numbered.Observations[0].Sequence = 7;
        var numberedAgain = Batch("a", 1, 1);
        numberedAgain.Observations[0].Sequence = 7;
        (AppendBatch Batch, BatchStatus Status, string Reason)[] batches =
        [
            (notFinite, BatchStatus.Invalid, "finite"),
            (noTime, BatchStatus.Invalid, "no time"),
            (farTime, BatchStatus.Invalid, "out of range"),
            (offGrid, BatchStatus.Invalid, "steps"),
            (new AppendBatch { Series = "a" }, BatchStatus.Invalid, "0 observations"),
            (Batch("../a", 0, 1), BatchStatus.Invalid, "id of a series"),
            (Batch("none", 0, 1), BatchStatus.NotFound, "none"),
            (numbered, BatchStatus.Stored, string.Empty),
            (numberedAgain, BatchStatus.Conflict, "7"),
            (Batch("a", 1, 1), BatchStatus.Stored, string.Empty),
        ];
        foreach (var (batch, status, reason) in batches)
        {
            await call.RequestStream.WriteAsync(batch);
            Assert.IsTrue(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.AreEqual(status, call.ResponseStream.Current.Status, call.ResponseStream.Current.Reason);
            Assert.Contains(reason, call.ResponseStream.Current.Reason);
        }

        await call.RequestStream.CompleteAsync();
        Assert.IsFalse(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.AreEqual(2, (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());
    }

    [TestMethod]
    public async Task Append_StoreThatIsAway_AnswersUnavailableAndRecovers()
    {
        BreakableStore? store = null;
        await using var daemon = await StartAsync(["a"], services => store = BreakableStore.Replace(services));
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        using var call = new ForecastStreams.ForecastStreamsClient(channel).Append();
        foreach (var status in new[] { BatchStatus.Unavailable, BatchStatus.Stored })
        {
            await call.RequestStream.WriteAsync(Batch("a", 0, 1));
            Assert.IsTrue(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.AreEqual(status, call.ResponseStream.Current.Status);
            store!.IsAway = false;
        }
    }

    [TestMethod]
    public async Task Append_MoreThanMayBeInFlight_WaitsForReceipts()
    {
        BreakableStore? store = null;
        await using var daemon = await StartAsync(["a"], services => store = BreakableStore.Replace(services), inFlight: 3);
        store!.IsAway = false;
        using var held = store.Hold();
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        using var call = new ForecastStreams.ForecastStreamsClient(channel).Append();

        // Series of their own, as those of one are in flight one after the other.
        for (var number = 0; number < 6; number++)
        {
            await daemon.PutAsync($"s{number}", Daily);
            await call.RequestStream.WriteAsync(Batch($"s{number}", 0, 1));
        }

        await store.HoldsAsync(3);
        Assert.AreEqual(3, store.Holding);
        held.Dispose();
        for (var number = 0; number < 6; number++)
        {
            Assert.IsTrue(await call.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.AreEqual(3, store.MostHeld);
    }

    [TestMethod]
    public async Task Append_AMessageThatIsTooLarge_EndsTheStreamOnly()
    {
        await using var daemon = await StartAsync("a");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1], new GrpcChannelOptions { MaxSendMessageSize = null });
        using var call = new ForecastStreams.ForecastStreamsClient(channel).Append();
        var sending = call.RequestStream.WriteAsync(new AppendBatch { Series = new string('a', 5_000_000) });
        var error = await Assert.ThrowsExactlyAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode, error.ToString());

        // Whether the client had sent all of it before it was refused is chance.
        await Task.WhenAny(sending);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 1));
    }

    [TestMethod]
    public async Task Forecasts_OfOneSeries_ComeWithNumbersAndGoOnAfterOne()
    {
        await using var daemon = await StartAsync("a", "b");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        var client = new ForecastStreams.ForecastStreamsClient(channel);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 30));
        using var call = client.Forecasts(new ForecastsRequest { Series = { "a" }, After = 0 });
        Assert.IsTrue(await call.ResponseStream.MoveNext(CancellationToken.None));
        var first = call.ResponseStream.Current;
        await daemon.PostAsync("b", Days.Array(_prices, 0, 1));
        var receipt = await daemon.PostAsync("a", Days.Array(_prices, 30, 1));
        Assert.IsTrue(await call.ResponseStream.MoveNext(CancellationToken.None));
        var second = call.ResponseStream.Current;
        Assert.IsGreaterThan(first.Number, second.Number);
        Assert.AreEqual(receipt.GetProperty("stateHash").GetString(), second.StateHash);
        Assert.AreEqual(Days.First.AddDays(30), second.Origin.ToDateTimeOffset());
        var forecast = await daemon.GetAsync("/series/a/forecast");
        CollectionAssert.AreEqual(forecast.GetProperty("mean").EnumerateArray().Select(one => one.GetDouble()).ToArray(), second.Mean.ToArray());
        CollectionAssert.AreEqual(
            forecast.GetProperty("intervals")[0].GetProperty("upper").EnumerateArray().Select(one => one.GetDouble()).ToArray(),
            second.Intervals[0].Upper.ToArray());
    }

    [TestMethod]
    public async Task Forecasts_WrongRequest_IsRefused()
    {
        await using var daemon = await StartAsync("a");
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        var client = new ForecastStreams.ForecastStreamsClient(channel);
        foreach (var (request, status) in new[]
        {
            (new ForecastsRequest { Series = { "none" } }, StatusCode.NotFound),
            (new ForecastsRequest { Series = { "../a" } }, StatusCode.InvalidArgument),
            (new ForecastsRequest { After = 1 }, StatusCode.InvalidArgument),
        })
        {
            using var call = client.Forecasts(request);
            var error = await Assert.ThrowsExactlyAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.AreEqual(status, error.StatusCode);
        }
    }

    [TestMethod]
    public async Task Streams_DaemonStops_EndAsUnavailable()
    {
        var hold = new TaskCompletionSource();
        var daemon = await StartAsync(["a"], services => services.AddHostedService(_ => new HeldStop(hold.Task)));
        using var channel = GrpcChannel.ForAddress(daemon.Addresses[1]);
        var client = new ForecastStreams.ForecastStreamsClient(channel);
        using var append = client.Append();
        using var forecasts = client.Forecasts(new ForecastsRequest());
        await append.RequestStream.WriteAsync(Batch("a", 0, 1));
        Assert.IsTrue(await append.ResponseStream.MoveNext(CancellationToken.None));
        Assert.IsTrue(await forecasts.ResponseStream.MoveNext(CancellationToken.None));
        var stop = daemon.StopAsync();

        // A client whose connection ends right behind the status may not come to read it; this one is given the time.
        foreach (var moving in new[] { append.ResponseStream.MoveNext(CancellationToken.None), forecasts.ResponseStream.MoveNext(CancellationToken.None) })
        {
            Assert.AreEqual(StatusCode.Unavailable, (await Assert.ThrowsExactlyAsync<RpcException>(() => moving)).StatusCode);
        }

        hold.SetResult();
        Assert.IsTrue(await stop.WaitAsync(TimeSpan.FromSeconds(20)));
        await daemon.DisposeAsync();
    }

    [TestMethod]
    [DataRow("http://192.0.2.1:8348")]
    [DataRow("https://127.0.0.1:8348")]
    [DataRow("http://127.0.0.1:8348/a")]
    [DataRow("127.0.0.1")]
    public void Options_AnotherAddressThanLoopback_IsRefused(string url)
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Grpc = new GrpcOptions { Url = url } };
        Assert.Contains(url, Assert.ThrowsExactly<ConfigurationException>(options.Validate).Message);
    }

    public void Dispose() => _folder.Dispose();

    private AppendBatch Batch(string series, int start, int count) => new()
    {
        Series = series,
        Observations =
        {
            Enumerable.Range(start, count).Select(day => new ObservationMessage { Time = Days.First.AddDays(day).ToTimestamp(), Value = _prices[day] }),
        },
    };

    private Task<RunningDaemon> StartAsync(params string[] series) => StartAsync(series, _ => { });

    private async Task<RunningDaemon> StartAsync(string[] series, Action<IServiceCollection> configure, int inFlight = 16)
    {
        var daemon = await RunningDaemon.StartAsync(
            _folder.Path, configure, options => options with { Grpc = new GrpcOptions { Url = "http://127.0.0.1:0", BatchesInFlight = inFlight } });
        foreach (var id in series)
        {
            await daemon.PutAsync(id, Daily);
        }

        return daemon;
    }
}
