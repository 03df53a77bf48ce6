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
            ALTER TABLE series DROP COLUMN known; ALTER TABLE series DROP COLUMN revised; ALTER TABLE series DROP COLUMN last_event;
            PRAGMA user_version = 1;
            """);
        await using var upgraded = Open(TimeProvider.System);
        Assert.HasCount(100, await upgraded.ReadAsync("a", new ObservationQuery { Limit = 1000 }));
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

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override IObservationStore Open(TimeProvider clock) => SqliteObservationStore.Open(Path, clock);

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
