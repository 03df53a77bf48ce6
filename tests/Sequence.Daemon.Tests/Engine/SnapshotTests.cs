using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Concurrency;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;
using Sequence.Daemon.Telemetry;
using Sequence.Data;

namespace Sequence.Daemon.Tests.Engine;

/// <summary>A state is that of a plain replay, whatever snapshots it came from.</summary>
[TestClass]
public sealed class SnapshotTests : IDisposable
{
    private const int Spacing = 3;

    private static readonly string[] Models = ["checkpoint:m", "checkpoint:w", "drift", "checkpoint:m"];

    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(60);

    private enum Kind
    {
        Next,
        Late,
        Corrected,
        Refused,
        Duplicate,
        Elsewhere,
        Deactivated,
    }

    private static Gen<(Kind Kind, int Day, int Count)> GenStep => Gen.Select(Gen.Int[0, 21], Gen.Int[0, 40], Gen.Int[1, 9])
        .Select((kind, day, count) => (kind < 7 ? (Kind)kind : kind < 15 ? Kind.Next : (Kind)(kind % 2 == 0 ? 6 : kind % 3), day, count));

    [TestMethod]
    public async Task State_AfterAnyInterleaving_IsThatOfAReplay()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        SmallCheckpoints.WriteWindow(_folder.Path, "w");
        await using var daemon = await StartAsync();
        var samples = 0;
        await Gen.Select(Gen.Int[0, 3], GenStep.Array[1, 14]).SampleAsync(
            async (kind, steps) =>
            {
                var definition = Definition($"s{Interlocked.Increment(ref samples)}", Models[kind]);
                await Store(daemon).CreateAsync(definition);
                foreach (var step in steps)
                {
                    await DoAsync(daemon, definition, step);
                    Assert.AreEqual(await ReplayedAsync(daemon, definition), (await Grain(daemon, definition.Id).StatusAsync()).StateHash, $"{step}");
                }
            },
            iter: 40,
            threads: 1);
    }

    [TestMethod]
    public async Task State_AfterRestarts_IsThatOfAReplay()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        var definition = Definition("a", "checkpoint:m");
        string? before = null;
        Kind[][] lives = [[Kind.Next, Kind.Next], [Kind.Late, Kind.Next], [], [Kind.Corrected], [Kind.Next, Kind.Deactivated, Kind.Elsewhere], []];
        foreach (var life in lives)
        {
            await using var daemon = await StartAsync();
            if (before is null)
            {
                await Store(daemon).CreateAsync(definition);
            }
            else
            {
                Assert.AreEqual(before, (await Grain(daemon, "a").StatusAsync()).StateHash);
                Assert.IsNotNull(await SnapshotAsync(daemon, "a"));
            }

            foreach (var kind in life)
            {
                await DoAsync(daemon, definition, (kind, 2, 4));
            }

            before = (await Grain(daemon, "a").StatusAsync()).StateHash;
            Assert.AreEqual(await ReplayedAsync(daemon, definition), before);
        }
    }

    [TestMethod]
    public async Task Shutdown_OfASeriesThatChanged_LeavesASnapshotOfItsLastObservation()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m"}""");
            await daemon.PutAsync("b", """{"frequency":"D","model":"persistence"}""");
            await daemon.PostAsync("a", Days.Array(_prices, 0, 7));
            await daemon.PostAsync("b", Days.Array(_prices, 0, 7));
            Assert.IsNull(await SnapshotAsync(daemon, "a"));
        }

        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        Assert.AreEqual(Days.First.AddDays(6), (await SnapshotAsync(restarted, "a"))!.LastEventTime);
        Assert.IsNull(await Store(restarted).FindSnapshotAsync("b", (await Grain(restarted, "b").StatusAsync()).ModelVersion));
    }

    [TestMethod]
    public async Task Append_OfALateValue_ReplaysFromTheSnapshotBeforeIt()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using var store = SqliteObservationStore.Open(_folder.File("late.db"), TimeProvider.System);
        var models = new ModelShelf(Path.Combine(_folder.Path, "models"));
        var definition = Definition("a", "checkpoint:m");
        await store.CreateAsync(definition);
        await using var services = new ServiceCollection().AddMetrics()
            .AddSingleton(TimeProvider.System).AddSingleton<IdleMemory>().AddSingleton<DaemonMetrics>().BuildServiceProvider();
        await store.AppendAsync("a", [.. _prices.Select((price, day) => At(day, price))]);
        Assert.AreEqual(60, await ReplayedFromASnapshotAsync());
        await Replay(spacing: 10).RestoreAsync(models.Start(definition));
        await store.ProbeAsync();
        Assert.AreEqual(0, await ReplayedFromASnapshotAsync());

        // Pages of ten leave snapshots of days 9, 29, 39, 49 and 59.
        await store.AppendAsync("a", [At(55, 100)]);
        Assert.AreEqual(10, await ReplayedFromASnapshotAsync());
        await store.AppendAsync("a", [At(38, 100)]);
        Assert.AreEqual(30, await ReplayedFromASnapshotAsync());
        await store.AppendAsync("a", [At(9, 100)]);
        Assert.AreEqual(60, await ReplayedFromASnapshotAsync());

        SeriesReplay Replay(int spacing) => new(
            store,
            new SnapshotKeeper(store, NullLogger<SnapshotKeeper>.Instance, spacing),
            services.GetRequiredService<DaemonMetrics>(),
            NullLogger<SeriesReplay>.Instance,
            page: 10);

        async Task<long> ReplayedFromASnapshotAsync()
        {
            var known = await Replay(int.MaxValue).RestoreAsync(models.Start(definition));
            Assert.AreEqual(await PlainAsync(store, models.Start(definition)), known.State.Hash());
            return known.Unsaved;
        }
    }

    [TestMethod]
    public async Task Snapshot_ThatIsBroken_IsPassedOverForTheOneBefore()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        var definition = Definition("a", "checkpoint:m");
        await using (var daemon = await StartAsync())
        {
            await Store(daemon).CreateAsync(definition);
            await DoAsync(daemon, definition, (Kind.Next, 0, 5));
            await DoAsync(daemon, definition, (Kind.Deactivated, 0, 0));
            await DoAsync(daemon, definition, (Kind.Next, 0, 5));
            await DoAsync(daemon, definition, (Kind.Deactivated, 0, 0));
            await Store(daemon).ProbeAsync();
            var newest = (await SnapshotAsync(daemon, "a"))!;
            Assert.AreEqual(Days.First.AddDays(9), newest.LastEventTime);
            newest.Body[^9] ^= 4;
            await Store(daemon).SaveAsync(newest);
        }

        List<string> lines = [];
        await using var restarted = await RunningDaemon.StartAsync(
            _folder.Path, services => services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(new LineLogger(lines)));
        Assert.AreEqual(await ReplayedAsync(restarted, definition), (await Grain(restarted, "a").StatusAsync()).StateHash);
        Assert.IsTrue(lines.Any(line => line.Contains("passed over") && line.Contains("damaged")), string.Join('\n', lines));
    }

    [TestMethod]
    public void Read_OfABodyThatIsDamaged_IsRefusedAndChangesNothing()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        var models = new ModelShelf(Path.Combine(_folder.Path, "models"));
        var (one, other) = (models.Start(Definition("a", "checkpoint:m")), models.Start(Definition("a", "checkpoint:m")));
        for (var day = 0; day < 20; day++)
        {
            one.Observe(Days.First.AddDays(day), day == 11 ? -1 : _prices[day]);
        }

        other.Observe(Days.First, 7);
        var (body, before) = (one.Write(), other.Write());
        for (var length = 0; length < body.Length; length++)
        {
            var wrong = body.ToArray();
            wrong[length] ^= (byte)(1 << (length % 8));
            Assert.Throws<SequenceException>(() => other.Read(wrong));
            Assert.Throws<SequenceException>(() => other.Read(body[..length]));
        }

        Assert.Throws<SequenceException>(() => models.Start(Definition("a", "drift")).Read(body));
        CollectionAssert.AreEqual(before, other.Write());
        other.Read(body);
        CollectionAssert.AreEqual(body, other.Write());
        Assert.AreEqual((one.Hash(), 1, one.LastRefusal, one.LastEventTime), (other.Hash(), other.Refused, other.LastRefusal, other.LastEventTime));
    }

    public void Dispose() => _folder.Dispose();

    private static SeriesDefinition Definition(string id, string model) => new(id, new Frequency(FrequencyUnit.Day), model, 1, [80]);

    private static IObservationStore Store(RunningDaemon daemon) => daemon.Services.GetRequiredService<IObservationStore>();

    private static ISeriesGrain Grain(RunningDaemon daemon, string id) =>
        daemon.Services.GetRequiredService<IGrainFactory>().GetGrain<ISeriesGrain>(id);

    private static async Task<StateSnapshot?> SnapshotAsync(RunningDaemon daemon, string id) =>
        await Store(daemon).FindSnapshotAsync(id, (await Grain(daemon, id).StatusAsync()).ModelVersion);

    private static Task<string> ReplayedAsync(RunningDaemon daemon, SeriesDefinition definition) =>
        PlainAsync(Store(daemon), daemon.Services.GetRequiredService<ModelShelf>().Start(definition));

    private static async Task<string> PlainAsync(IObservationStore store, SeriesState state)
    {
        foreach (var one in await store.ReadAsync(state.Definition.Id, new ObservationQuery { Limit = 1000 }))
        {
            state.Observe(one.EventTime, one.Value);
        }

        return state.Hash();
    }

    private Task<RunningDaemon> StartAsync() => RunningDaemon.StartAsync(_folder.Path, services => services
        .AddSingleton(built => ActivatorUtilities.CreateInstance<SnapshotKeeper>(built, Spacing))
        .AddSingleton(built => ActivatorUtilities.CreateInstance<SeriesReplay>(built, 4)));

    private async Task DoAsync(RunningDaemon daemon, SeriesDefinition definition, (Kind Kind, int Day, int Count) step)
    {
        var rows = await Store(daemon).ReadAsync(definition.Id, new ObservationQuery { Limit = 1000 });
        var next = rows.Count == 0 ? 20 : (int)(rows[^1].EventTime - Days.First).TotalDays + 1;
        if (definition.Id == "a" && rows.Count == 0)
        {
            next = 0;
        }

        Measurement[] batch = step.Kind switch
        {
            Kind.Next => [.. Enumerable.Range(next, step.Count).Select(day => At(day, _prices[day % 60]))],
            Kind.Late => [.. Enumerable.Range(step.Day, Math.Min(step.Count, 3)).Select(day => At(day, _prices[(day + 7) % 60]))],
            Kind.Corrected or Kind.Elsewhere => [At(step.Day % next, _prices[(step.Day + step.Count) % 60]), At(next, _prices[step.Day])],
            Kind.Refused => [At(next, -1)],
            Kind.Duplicate => [.. rows.TakeLast(step.Count).Select(row => new Measurement(row.EventTime, row.Value))],
            _ => [],
        };
        if (step.Kind == Kind.Deactivated)
        {
            await daemon.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        }
        else if (step.Kind == Kind.Elsewhere)
        {
            // As another activation would, in a cluster that is parted; the next append here finds out.
            await Store(daemon).AppendAsync(definition.Id, batch);
            await Grain(daemon, definition.Id).AppendAsync(new Immutable<Measurement[]>([At(next + 1, _prices[3])]));
        }
        else if (batch.Length > 0)
        {
            var receipt = await Grain(daemon, definition.Id).AppendAsync(new Immutable<Measurement[]>(batch));
            Assert.AreEqual(batch.Length, receipt.Added + receipt.Revised + receipt.Duplicates);
        }
    }

    private static Measurement At(int day, double value) => new(Days.First.AddDays(day), value);

    private sealed class LineLogger(List<string> lines) : Microsoft.Extensions.Logging.ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
