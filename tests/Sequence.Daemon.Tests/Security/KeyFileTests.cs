using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sequence.Daemon.Security;

namespace Sequence.Daemon.Tests.Security;

[TestClass]
public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string Path => _folder.File("keys.json");

    [TestMethod]
    public async Task Add_ThenRead_GivesTheKeyByItsHashAlone()
    {
        var file = new KeyFile(_folder.Path);
        Assert.IsEmpty(file.Read());
        var key = await file.AddAsync("loader", KeyScopes.Read | KeyScopes.Write, _clock);
        var read = file.Read().Single();
        Assert.AreEqual(
            new ApiKey("loader", KeyScopes.Read | KeyScopes.Write, _clock.Now, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))), read);
        Assert.DoesNotContain(key, await File.ReadAllTextAsync(Path));
        Assert.HasCount(9 + 43, key);
        Assert.AreNotEqual(key, await file.AddAsync("other", KeyScopes.Admin, _clock));
        Assert.AreEqual(1, await file.RemoveAsync("loader", _clock));
        Assert.AreEqual("other", file.Read().Single().Name);
        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }
    }

    [TestMethod]
    public async Task Change_OfWhatCannotBe_SaysWhyAndLeavesTheFile()
    {
        var file = new KeyFile(_folder.Path);
        await file.AddAsync("a", KeyScopes.Read, _clock);
        var before = await File.ReadAllTextAsync(Path);
        Assert.Contains("already", (await Refused(() => file.AddAsync("a", KeyScopes.Read, _clock))).Message);
        Assert.HasCount(2, (await Refused(() => file.AddAsync("-", KeyScopes.None, _clock))).Faults);
        Assert.Contains("There are: a.", (await Refused(() => file.RemoveAsync("b", _clock))).Message);
        Assert.Contains("no data folder", (await Refused(() => new KeyFile(_folder.File("none")).AddAsync("a", KeyScopes.Read, _clock))).Message);
        Assert.AreEqual(before, await File.ReadAllTextAsync(Path));

        static Task<ConfigurationException> Refused(Func<Task> change) => Assert.ThrowsExactlyAsync<ConfigurationException>(change);
    }

    [TestMethod]
    public async Task Add_ByManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(one => Task.Run(
            () => new KeyFile(_folder.Path).AddAsync($"key-{one}", KeyScopes.Read, TimeProvider.System))));
        var keys = new KeyFile(_folder.Path).Read();
        Assert.HasCount(20, keys.Select(one => one.Name).Distinct().ToArray());
        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [TestMethod]
    public async Task Read_WhileItIsChanged_FindsAWholeFile()
    {
        var file = new KeyFile(_folder.Path);
        await file.AddAsync("stays", KeyScopes.Read, _clock);
        var changes = Task.Run(async () =>
        {
            for (var round = 0; round < 30; round++)
            {
                await file.AddAsync("comes", KeyScopes.Write, TimeProvider.System);
                await file.RemoveAsync("comes", TimeProvider.System);
            }
        });
        while (!changes.IsCompleted)
        {
            Assert.AreEqual("stays", file.Read()[0].Name);
        }

        await changes;
    }

    /// <summary>
    /// Whatever byte breaks, the file is refused with a sentence or read; no key but the one there was gets in, and with no
    /// more than it could.
    /// </summary>
    [TestMethod]
    public async Task Read_OfAFileBrokenAnywhere_IsRefusedOrLetsInNoMore()
    {
        var file = new KeyFile(_folder.Path);
        var key = await file.AddAsync("a", KeyScopes.Read, _clock);
        var whole = await File.ReadAllBytesAsync(Path);
        var refused = 0;
        for (var offset = 0; offset < whole.Length; offset++)
        {
            var broken = whole.ToArray();
            foreach (var bit in (byte[])[1, 0x10, 0x80])
            {
                broken[offset] = (byte)(whole[offset] ^ bit);
                await CheckAsync(broken);
            }

            await CheckAsync(whole[..offset]);
        }

        Assert.IsGreaterThan(whole.Length, refused);

        async Task CheckAsync(byte[] bytes)
        {
            await File.WriteAllBytesAsync(Path, bytes);
            try
            {
                var keys = file.Read();
                Assert.IsLessThanOrEqualTo(1, keys.Count);
                Assert.IsTrue(keys.All(one => one.Scopes is KeyScopes.Read or KeyScopes.None));
                Assert.IsTrue(keys.Count == 0 || keys[0].Hash == Convert.ToHexStringLower(KeyFile.Hash(key)) || keys[0].Hash.Length == 64);
            }
            catch (ConfigurationException error)
            {
                refused++;
                Assert.Contains("key", error.Message);
            }
        }
    }

    [TestMethod]
    [DataRow("""{"keys":[{"name":"a","scopes":["root"],"created":"2026-01-01T00:00:00Z","hash":"HASH"}]}""", "'root'")]
    [DataRow("""{"keys":[{"name":"a","scopes":["read"],"created":"2026-01-01T00:00:00Z","hash":"abc"}]}""", "64 digits")]
    [DataRow("""{"keys":[{"name":"a","scopes":["read"],"created":"2026-01-01T00:00:00Z","hash":"HASH"},{"name":"a","scopes":["read"],"created":"2026-01-01T00:00:00Z","hash":"HASH"}]}""", "twice")]
    [DataRow("""{"keys":null}""", "cannot be used")]
    [DataRow("""{}""", "cannot be used")]
    [DataRow("""{"keys":[],"more":1}""", "cannot be used")]
    [DataRow("null", "cannot be used")]
    [DataRow("", "cannot be used")]
    public async Task Run_OnBrokenKeys_IsRefusedWithASentence(string text, string reason)
    {
        await File.WriteAllTextAsync(Path, text.Replace("HASH", new string('a', 64), StringComparison.Ordinal));
        var refusal = await Assert.ThrowsExactlyAsync<ConfigurationException>(() => RunningDaemon.StartAsync(_folder.Path));
        Assert.Contains(reason, refusal.Message);
        Assert.Contains("sequence daemon key add", refusal.Message);
        Assert.IsFalse(File.Exists(_folder.File("store.db")));
    }

    [TestMethod]
    public async Task Read_OfAFileOthersMayWrite_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Modes of files are not a thing here.");
            return;
        }

        await new KeyFile(_folder.Path).AddAsync("a", KeyScopes.Read, _clock);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Assert.Contains("chmod 600", Assert.ThrowsExactly<ConfigurationException>(() => new KeyFile(_folder.Path).Read()).Message);
    }

    [TestMethod]
    public void Find_OfAnyKeyOrNone_ComparesAllOfThem()
    {
        var keys = Enumerable.Range(0, 7).Select(one => new KeyRing.Entry(
            new ApiKey($"key-{one}", KeyScopes.Read, _clock.Now, string.Empty), KeyFile.Hash($"key-{one}"))).ToArray();
        foreach (var name in (string[])["key-0", "key-3", "key-6", "none"])
        {
            var counted = new Counting(keys);
            Assert.AreEqual(name == "none" ? null : name, KeyRing.Find(counted, KeyFile.Hash(name))?.Key.Name);
            Assert.AreEqual(keys.Length, counted.Read);
        }
    }

    [TestMethod]
    public async Task Ring_WithinTheGrainOfTheFileSystem_SeesTheLastChange()
    {
        var file = new KeyFile(_folder.Path);
        var ring = new KeyRing(file, TimeProvider.System, NullLogger<KeyRing>.Instance);
        Assert.IsTrue(ring.IsOpen);
        var first = await file.AddAsync("a", KeyScopes.Read, TimeProvider.System);
        var stamp = File.GetLastWriteTimeUtc(Path);
        Assert.IsNotNull(ring.Find(KeyFile.Hash(first)));
        await file.RemoveAsync("a", TimeProvider.System);
        var second = await file.AddAsync("b", KeyScopes.Read, TimeProvider.System);
        File.SetLastWriteTimeUtc(Path, stamp);
        Assert.IsNull(ring.Find(KeyFile.Hash(first)));
        Assert.IsNotNull(ring.Find(KeyFile.Hash(second)));
        File.Delete(Path);
        Assert.IsNull(ring.Find(KeyFile.Hash(second)));
        Assert.IsFalse(ring.IsOpen);
        await File.WriteAllTextAsync(Path, "{");
        Assert.Contains("nobody gets in", Assert.ThrowsExactly<DaemonException>(() => ring.IsOpen).Message);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Counting(KeyRing.Entry[] keys) : IReadOnlyList<KeyRing.Entry>
    {
        public int Read { get; private set; }

        public int Count => keys.Length;

        public KeyRing.Entry this[int index]
        {
            get
            {
                Read++;
                return keys[index];
            }
        }

        public IEnumerator<KeyRing.Entry> GetEnumerator() => keys.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
