using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Daemon.Tests.Storage;

[TestClass]
public sealed class SqliteObservationStoreTests : ObservationStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Open_OfANewerVersion_IsRefusedAndUntouched()
    {
        await (await CreateAsync()).DisposeAsync();
        Change($"PRAGMA user_version = {SqliteSchema.Version + 1}");
        var refusal = Assert.ThrowsExactly<ConfigurationException>(() => Open(TimeProvider.System));
        Assert.Contains($"schema version {SqliteSchema.Version + 1}", refusal.Message);
        Change($"PRAGMA user_version = {SqliteSchema.Version}");
        await using var again = Open(TimeProvider.System);
        Assert.IsNotNull(await again.FindAsync("a"));
    }

    [TestMethod]
    public async Task Open_OfTheFirstVersion_BringsItUpToDate()
    {
        await using (var store = await CreateAsync())
        {
            await store.AppendAsync("a", Batch(0));
        }

        Change(
            """
            DROP TABLE snapshot; DROP TABLE document;
            ALTER TABLE observation DROP COLUMN checksum;
            ALTER TABLE series DROP COLUMN forecast_every;
            ALTER TABLE series DROP COLUMN known; ALTER TABLE series DROP COLUMN revised; ALTER TABLE series DROP COLUMN last_event;
            PRAGMA user_version = 1;
            """);
        await using var upgraded = Open(TimeProvider.System);
        Assert.HasCount(100, await upgraded.ReadAsync("a", new ObservationQuery { Limit = 1000 }));
        Assert.AreEqual(Series("a"), await upgraded.FindAsync("a"));
        var known = (await upgraded.ReadAsync("a", new ObservationQuery { Limit = 1 }))[0].KnownAt;
        var again = await upgraded.AppendAsync("a", Batch(0));
        Assert.IsTrue(again.Outcomes.All(one => one == AppendOutcome.Duplicate));
        Assert.AreEqual(known, again.KnownBefore);
        Assert.AreEqual(SqliteSchema.Version, int.Parse(Change("PRAGMA user_version")!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void Open_OfAnotherDatabase_IsRefused()
    {
        Change("CREATE TABLE mine (x INTEGER)");
        Assert.Contains("not a store of the daemon", Assert.ThrowsExactly<ConfigurationException>(() => Open(TimeProvider.System)).Message);
    }

    [TestMethod]
    public void Open_OfABrokenFile_SaysWhatToDo()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("This is no database. ", 400)));
        Assert.Contains("move it away", Assert.ThrowsExactly<ConfigurationException>(() => Open(TimeProvider.System)).Message);
    }

    [TestMethod]
    public async Task Open_SyncsEveryCommitToTheLog()
    {
        await using var store = await CreateAsync();
        Assert.AreEqual("wal", Change("PRAGMA journal_mode"));
        Assert.AreEqual(2L, ((SqliteObservationStore)store).Synchronous, "2 is FULL");
    }

    [TestMethod]
    public async Task Append_OnAFullDisk_StoresNothingAndRecovers()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !Run("mount", "-t", "tmpfs", "-o", "size=768k", "tmpfs", _folder.Path))
        {
            Assert.Inconclusive("A small file system cannot be mounted here.");
        }

        try
        {
            var ballast = _folder.File("ballast");
            await File.WriteAllBytesAsync(ballast, new byte[256 * 1024]);
            await using (var store = await CreateAsync())
            {
                var days = 0;
                DaemonException? refusal = null;
                while (refusal is null && days < 100_000)
                {
                    try
                    {
                        await store.AppendAsync("a", Batch(days));
                        days += 100;
                    }
                    catch (DaemonException full)
                    {
                        refusal = full;
                    }
                }

                Assert.AreEqual(DaemonFault.Unavailable, refusal?.Fault, refusal?.Message);
                Assert.IsNotNull(store.WriteFault);
                Assert.HasCount(days, await ReadAsync(store, new ObservationQuery { Limit = 200_000 }));
                File.Delete(ballast);
                await store.AppendAsync("a", Batch(days));
                Assert.IsNull(store.WriteFault);
                var stored = await ReadAsync(store, new ObservationQuery { Limit = 200_000 });
                CollectionAssert.AreEqual(Enumerable.Range(0, days + 100).Select(day => (double)day).ToArray(), stored.Select(one => one.Value).ToArray());
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Assert.IsTrue(Run("umount", "-l", _folder.Path));
        }
    }

    [TestMethod]
    public async Task Open_OfAFileWithADamagedPage_IsRefused()
    {
        await FillAsync();
        Overwrite(0);
        var refusal = Assert.ThrowsExactly<ConfigurationException>(() => Open(TimeProvider.System));
        Assert.Contains("is damaged", refusal.Message);
        Assert.Contains("backup", refusal.Message);
    }

    [TestMethod]
    public async Task Open_OfALargeFileWithADamagedPage_IsFoundOutWhileItIsUsed()
    {
        await FillAsync();
        Overwrite(0);
        await using var store = SqliteObservationStore.Open(Path, TimeProvider.System, checkedBeforeStart: 0);
        while (store.WriteFault is null)
        {
            await Task.Yield();
        }

        Assert.Contains("is damaged", (await Assert.ThrowsExactlyAsync<DaemonException>(() => store.ProbeAsync())).Message);
    }

    [TestMethod]
    public async Task Read_OfAPageDamagedMeanwhile_IsRefusedAndNothingMoreIsTakenIn()
    {
        await FillAsync();
        await using var store = (SqliteObservationStore)Open(TimeProvider.System);
        Overwrite(0);
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => ReadAsync(store, new ObservationQuery { Limit = 100_000 }));
        Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        Assert.Contains("backup", refusal.Message);
        Assert.AreEqual(refusal.Message, store.WriteFault);
        refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => store.AppendAsync("a", Batch(20_000)));
        Assert.Contains("Nothing was stored", refusal.Message);
        Assert.IsNotNull(await store.FindAsync("a"), "what is whole is still answered");
    }

    [TestMethod]
    [DataRow("value = value + 1")]
    [DataRow("known = known + 1")]
    [DataRow("number = 7")]
    public async Task Read_OfARowThatIsNotWhatWasStored_IsRefused(string change)
    {
        await FillAsync();
        Change($"UPDATE observation SET {change} WHERE revision = 0 AND value = 41");
        await using var store = Open(TimeProvider.System);
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => ReadAsync(store, new ObservationQuery { Limit = 100 }));
        Assert.Contains("not what was stored", refusal.Message);
    }

    [TestMethod]
    public async Task Append_OfNegativeZeroAndOfNumbers_IsReadAgain()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, -0.0), Day(1, 1e300) with { Sequence = 0 }, Day(2, 5) with { Sequence = -3 }]);
        CollectionAssert.AreEqual(new[] { 0, 1e300, 5 }, (await ReadAsync(store, new ObservationQuery { Limit = 10 })).Select(one => one.Value).ToArray());
    }

    [TestMethod]
    public async Task Append_ToAFileThatWasDeleted_IsRefusedAndNoneIsMade()
    {
        await using var store = await CreateAsync();
        File.Delete(Path);
        Assert.Contains("is gone", (await Assert.ThrowsExactlyAsync<DaemonException>(() => store.AppendAsync("a", Batch(0)))).Message);
        SqliteConnection.ClearAllPools();
        await Assert.ThrowsExactlyAsync<DaemonException>(() => store.FindAsync("a"));
        Assert.IsFalse(File.Exists(Path));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override IObservationStore Open(TimeProvider clock) => SqliteObservationStore.Open(Path, clock);

    private async Task FillAsync()
    {
        await using var store = await CreateAsync();
        for (var day = 0; day < 20_000; day += 100)
        {
            await store.AppendAsync("a", Batch(day));
        }
    }

    /// <summary>Writes nonsense over a page in the middle of the file, which is one of observations.</summary>
    private void Overwrite(byte with)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = file.Length / 2 / 4096 * 4096;
        file.Write(Enumerable.Repeat(with, 4096).ToArray());
    }

    private static Measurement[] Batch(int first) => [.. Enumerable.Range(first, 100).Select(day => Day(day, day))];

    private string Path => _folder.File("store.db");

    private string? Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
