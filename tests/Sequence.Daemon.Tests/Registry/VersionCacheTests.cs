using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Daemon.Tests.Registry;

[TestClass]
public sealed class VersionCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Archive_DamagedAtAnyPlace_IsRefusedOrServesTheSame()
    {
        await using var store = Open();
        var version = await AddAsync(store);
        var whole = (await store.FindAsync(VersionCache.Kind, version.Hash))!.Body;
        var refused = 0;
        for (var place = 0; place < whole.Length; place += Math.Max(1, whole.Length / 60))
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x55;
            await ReplaceAsync(store, version.Hash, damaged);
            refused += await IsRefusedAsync(Cache(store, $"damaged-{place}"), version) ? 1 : 0;
            await ReplaceAsync(store, version.Hash, whole[..place]);
            Assert.IsTrue(await IsRefusedAsync(Cache(store, $"cut-{place}"), version) || place > whole.Length - 1024, $"cut at {place}");
        }

        // The rest of the places lie in what fills up the blocks of the archive.
        Assert.IsGreaterThan(30, refused);
        await ReplaceAsync(store, version.Hash, whole);
        Assert.AreEqual(version.Hash, (await Cache(store, "whole").LoadAsync(version)).Version);
    }

    [TestMethod]
    public async Task Folder_Damaged_IsFetchedAgain()
    {
        await using var store = Open();
        var version = await AddAsync(store);
        foreach (var name in (string[])["model.json", "weights.safetensors"])
        {
            var file = Path.Combine(_folder.File("first"), version.Hash, name);
            var bytes = await File.ReadAllBytesAsync(file);
            await File.WriteAllBytesAsync(file, bytes[..^5]);
            Assert.AreEqual(version.Hash, (await Cache(store, "first").LoadAsync(version)).Version);
            CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(file));
        }
    }

    [TestMethod]
    public async Task Version_OfAnotherCheckpoint_IsRefused()
    {
        await using var store = Open();
        var version = await AddAsync(store);
        await ReplaceAsync(store, version.Hash, CheckpointArchive.Write(Versions.Files(9)));
        Assert.IsTrue(await IsRefusedAsync(Cache(store, "other"), version));
    }

    [TestMethod]
    public async Task Version_WhoseOutputsDiffer_IsRefused()
    {
        await using var store = Open();
        var version = await AddAsync(store);
        var (series, outputs) = version.SelfCheck.Single();
        Assert.IsGreaterThan(10, outputs.Length);
        var scale = outputs.Max(Math.Abs);
        Assert.AreEqual(version.Hash, (await Cache(store, "near").LoadAsync(With(0.9e-6))).Version);
        var error = await Assert.ThrowsExactlyAsync<DaemonException>(() => Cache(store, "far").LoadAsync(With(2e-6)));
        Assert.Contains("self-check", error.Message);
        await Assert.ThrowsExactlyAsync<DaemonException>(() => Cache(store, "nan").LoadAsync(With(double.NaN)));

        ModelVersion With(double difference) => version with
        {
            SelfCheck = new Dictionary<string, double[]>(StringComparer.Ordinal) { [series] = [.. outputs[..^1], outputs[^1] + (difference * scale)] },
        };
    }

    [TestMethod]
    public async Task Checkpoint_ThatIsNone_IsRefusedAndLeavesNothing()
    {
        await using var store = Open();
        var files = Versions.Files(3);
        files["weights.safetensors"][^1] ^= 1;
        var error = await Assert.ThrowsExactlyAsync<DaemonException>(() => Cache(store, "first").AddAsync(files, default));
        Assert.AreEqual(DaemonFault.Invalid, error.Fault);
        Assert.DoesNotContain(_folder.Path, error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.File("first")));
    }

    [TestMethod]
    public async Task Trim_LetsGoOfWhatNobodyNames()
    {
        await using var store = Open();
        var version = await AddAsync(store);
        var cache = Cache(store, "first");
        var loaded = await cache.LoadAsync(version);
        cache.Trim(new HashSet<string> { version.Hash }, new HashSet<string> { version.Hash });
        Assert.AreSame(loaded, await cache.LoadAsync(version));
        cache.Trim(new HashSet<string>(), new HashSet<string>());
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.File("first")));
        Assert.AreNotSame(loaded, await cache.LoadAsync(version));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<bool> IsRefusedAsync(VersionCache cache, ModelVersion version)
    {
        try
        {
            Assert.AreEqual(version.Hash, (await cache.LoadAsync(version)).Version);
            return false;
        }
        catch (DaemonException error)
        {
            Assert.AreEqual(DaemonFault.Conflict, error.Fault, error.Message);
            return true;
        }
    }

    private static async Task ReplaceAsync(SqliteObservationStore store, string hash, byte[] body)
    {
        var document = await store.FindAsync(VersionCache.Kind, hash);
        Assert.IsNotNull(await store.PutAsync(VersionCache.Kind, hash, document!.Revision, body));
    }

    private SqliteObservationStore Open() => SqliteObservationStore.Open(_folder.File("store.db"), TimeProvider.System);

    private VersionCache Cache(SqliteObservationStore store, string name) => new(store, new RegistryOptions(), _folder.File(name));

    private async Task<ModelVersion> AddAsync(SqliteObservationStore store)
    {
        var files = Versions.Files(3);
        var checkpoint = await Cache(store, "first").AddAsync(files, default);
        return new ModelVersion(checkpoint.Version, DateTimeOffset.UnixEpoch, "test", 1, SelfCheck.Compute(checkpoint));
    }
}
