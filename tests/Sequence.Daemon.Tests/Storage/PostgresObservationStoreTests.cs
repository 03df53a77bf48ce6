using Npgsql;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Postgres;

namespace Sequence.Daemon.Tests.Storage;

[TestClass]
public sealed class PostgresObservationStoreTests : ObservationStoreContract
{
    private string _connection = null!;

    [TestInitialize]
    public async Task MakeSchemaAsync() => _connection = await Servers.SchemaAsync();

    [TestMethod]
    public async Task Open_ByManyAtOnce_MakesTheTablesOnce()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => OpenAsync(TimeProvider.System))));
        Assert.AreEqual(1L, await QueryAsync("SELECT count(*) FROM sequence_store"));
        var created = await Task.WhenAll(stores.Select(store => Task.Run(() => store.CreateAsync(Series("a")))));
        Assert.AreEqual(1, created.Count(one => one));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task Open_OfTheFirstVersion_BringsItUpToDate()
    {
        await (await CreateAsync()).DisposeAsync();
        await QueryAsync("ALTER TABLE series DROP COLUMN forecast_every");
        await QueryAsync("UPDATE sequence_store SET version = 1");
        await using var upgraded = Open(TimeProvider.System);
        Assert.AreEqual(Series("a"), await upgraded.FindAsync("a"));
        Assert.AreEqual(PostgresSchema.Version, await QueryAsync("SELECT version FROM sequence_store"));
    }

    [TestMethod]
    public async Task Open_OfANewerVersion_IsRefusedAndUntouched()
    {
        await (await CreateAsync()).DisposeAsync();
        await QueryAsync($"UPDATE sequence_store SET version = {PostgresSchema.Version + 1}");
        var refusal = await Assert.ThrowsExactlyAsync<ConfigurationException>(() => OpenAsync(TimeProvider.System));
        Assert.Contains($"schema version {PostgresSchema.Version + 1}", refusal.Message);
        await QueryAsync($"UPDATE sequence_store SET version = {PostgresSchema.Version}");
        await using var again = Open(TimeProvider.System);
        Assert.IsNotNull(await again.FindAsync("a"));
    }

    [TestMethod]
    public async Task Open_OfAnotherDatabase_IsRefused()
    {
        await QueryAsync("CREATE TABLE mine (x integer)");
        var refusal = await Assert.ThrowsExactlyAsync<ConfigurationException>(() => OpenAsync(TimeProvider.System));
        Assert.Contains("no store of the daemon", refusal.Message);
    }

    [TestMethod]
    public async Task Open_WithAWrongPassword_SaysSoWithoutIt()
    {
        var wrong = new NpgsqlConnectionStringBuilder(_connection) { Password = "wrong-and-secret" };
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => PostgresObservationStore.OpenAsync(wrong.ConnectionString, TimeProvider.System));
        Assert.Contains("password", refusal.Message);
        Assert.DoesNotContain("wrong-and-secret", refusal.ToString());
    }

    [TestMethod]
    public async Task Open_OfAServerThatDoesNotSync_Warns()
    {
        // The shared server of the tests runs without, to be quick.
        await using var store = await OpenAsync(TimeProvider.System);
        Assert.Contains("fsync = off", store.Warnings.Single());
    }

    [TestMethod]
    public async Task Writer_OfAUserWhoDoesNotWaitForTheDisk_WaitsAllTheSame()
    {
        await using var connection = new NpgsqlConnection($"{_connection};Options=-c synchronous_commit=off");
        await connection.OpenAsync();
        await PostgresConnection.RequireSyncAsync(connection);
        Assert.AreEqual("on", await PostgresSchema.ScalarAsync(connection, "SHOW synchronous_commit"));
    }

    [TestMethod]
    public async Task Append_OfAnyMonth_GoesToItsPartition()
    {
        await using var store = await CreateAsync();
        DateTimeOffset[] times =
        [
            DateTimeOffset.MinValue, Utc(1066, 10, 14), Utc(1999, 12, 31), Utc(2000, 1, 1), Utc(2026, 2, 28), Utc(2026, 3, 1), Utc(2099, 12, 31),
            Utc(2100, 1, 1), DateTimeOffset.MaxValue,
        ];
        await store.AppendAsync("a", [.. times.Select((time, index) => new Measurement(time, index))]);
        var stored = await ReadAsync(store);
        CollectionAssert.AreEqual(times.Select(time => time.UtcTicks).ToArray(), stored.Select(one => one.EventTime.UtcTicks).ToArray());
        CollectionAssert.AreEqual(
            new[] { 4.0, 5, 6, 7, 8 }, (await store.ReadNewestAsync("a", 5)).Select(one => one.Value).ToArray());
        Assert.AreEqual(2L, await QueryAsync("SELECT count(*) FROM observation_before WHERE value > 0"));
        foreach (var (partition, rows) in new[] { ("2000_01", 1L), ("2026_02", 1), ("2026_03", 1), ("2099_12", 1), ("after", 2) })
        {
            Assert.AreEqual(rows, await QueryAsync($"SELECT count(*) FROM observation_{partition}"), partition);
        }

        CollectionAssert.AreEqual(
            new[] { AppendOutcome.Duplicate, AppendOutcome.Revised },
            (await store.AppendAsync("a", [new Measurement(times[0], 0), new Measurement(times[^1], 0)])).Outcomes);
    }

    [TestMethod]
    public async Task Append_ByManyStoresAtOnce_MakesEachPartitionOnceAndStoresEachOnce()
    {
        await using var one = await CreateAsync();
        await using var other = await OpenAsync(TimeProvider.System);
        IObservationStore[] stores = [one, other];
        Measurement[] days = [.. Enumerable.Range(0, 365).Select(day => Day(day, day))];
        await Task.WhenAll(days.Chunk(40).SelectMany(batch => stores.Select(store => Task.Run(() => store.AppendAsync("a", batch)))));
        var stored = await ReadAsync(one);
        CollectionAssert.AreEqual(days.Select(day => day.Value).ToArray(), stored.Select(row => row.Value).ToArray());
        Assert.IsTrue(stored.All(row => row.Revision == 0));
        Assert.AreEqual(12L, await QueryAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'observation'::regclass"));
    }

    [TestMethod]
    public async Task Append_ByTwoStoresWhoseClocksDiffer_OrdersWhatWasKnownAndTellsWhoMissedAnAppend()
    {
        await using var ahead = await CreateAsync();
        await using var behind = await OpenAsync(new ManualClock { Now = Utc(2001, 1, 1) });
        var first = await ahead.AppendAsync("a", [Day(0, 1)]);
        var second = await behind.AppendAsync("a", [Day(1, 2)]);
        var third = await ahead.AppendAsync("a", [Day(2, 3)]);
        Assert.AreEqual(first.KnownAt, second.KnownBefore);
        Assert.IsGreaterThan(first.KnownAt, second.KnownAt);
        Assert.AreEqual(second.KnownAt, third.KnownBefore);
        Assert.IsGreaterThan(second.KnownAt, third.KnownAt);
    }

    [TestMethod]
    public async Task Snapshot_OfAStoreThatMissedALateValue_IsNotTaken()
    {
        await using var one = await CreateAsync();
        await using var other = await OpenAsync(TimeProvider.System);
        var known = (await one.AppendAsync("a", [Day(0, 1), Day(1, 1), Day(3, 1)])).KnownAt;
        await one.SaveAsync(new StateSnapshot("a", "m", Utc(2026, 1, 2), known, [1]));
        await other.AppendAsync("a", [Day(2, 1)]);
        await one.SaveAsync(new StateSnapshot("a", "m", Utc(2026, 1, 4), known, [3]));
        CollectionAssert.AreEqual(new byte[] { 1 }, (await one.FindSnapshotAsync("a", "m"))!.Body);
    }

    [TestMethod]
    public async Task Forget_OfOldForecastsBehindThoseOfADaemonWhoseClockIsAhead_FindsThem()
    {
        await using var ahead = await OpenAsync(new ManualClock { Now = Utc(2027, 1, 1) });
        await using var store = await OpenAsync(new ManualClock { Now = Utc(2026, 1, 1) });
        await store.CreateAsync(Series("a"));
        for (var day = 0; day < 20; day++)
        {
            await ahead.RecordAsync(Issued(day, "ahead"));
        }

        for (var day = 0; day < 20; day++)
        {
            await store.RecordAsync(Issued(day, "old"));
        }

        Assert.AreEqual(10, await store.ForgetForecastsAsync(Utc(2026, 2, 1), 10));
        Assert.AreEqual(10, await ahead.ForgetForecastsAsync(Utc(2026, 2, 1), 10));
        Assert.AreEqual(0, await store.ForgetForecastsAsync(Utc(2026, 2, 1), 10));
        var left = await store.ReadForecastsAsync("a", null, 99);
        Assert.HasCount(20, left);
        Assert.IsTrue(left.All(one => one.Issued.StateHash == "ahead"));
    }

    [TestMethod]
    public async Task Forget_OfForecastsThatAreLocked_LeavesThemAndWaitsForNone()
    {
        await using var store = await CreateAsync();
        for (var day = 0; day < 5; day++)
        {
            await store.RecordAsync(Issued(day, "h"));
        }

        await using (var other = new NpgsqlConnection($"{_connection};Pooling=false"))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await PostgresSchema.ExecuteAsync(other, "SELECT 1 FROM forecast ORDER BY key LIMIT 2 FOR UPDATE");
            Assert.AreEqual(3, await store.ForgetForecastsAsync(DateTimeOffset.MaxValue, 9).WaitAsync(TimeSpan.FromSeconds(10)));
        }

        Assert.AreEqual(2, await store.ForgetForecastsAsync(DateTimeOffset.MaxValue, 9));
    }

    [TestMethod]
    public async Task Write_ThatTheServerDoesNotTake_FailsAlone()
    {
        await using var store = await OpenAsync(TimeProvider.System);
        var many = Enumerable.Range(0, 40).Select(index => store.PutAsync("kind", index == 7 ? "no\0text" : $"key-{index}", 0, [1])).ToArray();
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => Task.WhenAll(many));
        Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        Assert.AreEqual(1, many.Count(task => task.IsFaulted));
        Assert.HasCount(39, await ((IDocumentStore)store).ListAsync("kind", null, 99));
    }

    [TestMethod]
    public async Task Server_GoneAndBack_IsUnavailableAndThenServesAgain()
    {
        await using var server = await Servers.OwnPostgresAsync();
        await using var store = await PostgresObservationStore.OpenAsync(server.Connection, TimeProvider.System);
        Assert.IsEmpty(store.Warnings);
        await store.CreateAsync(Series("a"));
        await store.AppendAsync("a", [Day(0, 1)]);
        await server.StopAsync("QUIT");
        foreach (var request in (Func<Task>[])[() => store.AppendAsync("a", [Day(1, 2)]), () => ReadAsync(store), () => store.ProbeAsync(), () => store.PingAsync(default), () => store.ForgetForecastsAsync(default, 1)])
        {
            var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(request);
            Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        }

        Assert.IsNotNull(store.WriteFault);
        Assert.IsFalse(store.Completion.IsCompleted);
        await server.StartAsync();
        CollectionAssert.AreEqual(new[] { AppendOutcome.Duplicate, AppendOutcome.Added }, (await store.AppendAsync("a", [Day(0, 1), Day(1, 2)])).Outcomes);
        await store.ProbeAsync();
        Assert.IsNull(store.WriteFault);

        // A server that was started anew between two requests is not noticed at all.
        await server.StopAsync("INT");
        await server.StartAsync();
        Assert.HasCount(2, await ReadAsync(store));
        await store.AppendAsync("a", [Day(2, 3)]);
        Assert.HasCount(3, await ReadAsync(store));
    }

    private protected override IObservationStore Open(TimeProvider clock) => OpenAsync(clock).GetAwaiter().GetResult();

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private Task<PostgresObservationStore> OpenAsync(TimeProvider clock) => PostgresObservationStore.OpenAsync(_connection, clock);

    private async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{_connection};Pooling=false");
        await connection.OpenAsync();
        return await PostgresSchema.ScalarAsync(connection, sql);
    }
}
