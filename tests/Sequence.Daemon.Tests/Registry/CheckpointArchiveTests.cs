using System.Formats.Tar;
using System.IO.Compression;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Tests.Registry;

[TestClass]
public sealed class CheckpointArchiveTests
{
    private const long Limit = 1 << 20;

    private static readonly Dictionary<string, byte[]> Small = new(StringComparer.Ordinal)
    {
        ["model.json"] = [1, 2, 3],
        ["weights.safetensors"] = [.. Enumerable.Range(0, 700).Select(number => (byte)number)],
    };

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Archive_OfTheTwoFiles_IsReadAsWritten(bool zip)
    {
        var read = zip
            ? CheckpointArchive.ReadZip(Zip([.. Small.Select(one => (one.Key, one.Value, 0))]), Limit)
            : CheckpointArchive.ReadTar(new MemoryStream(CheckpointArchive.Write(Small)), Limit);
        foreach (var (name, content) in Small)
        {
            CollectionAssert.AreEqual(content, read[name]);
        }
    }

    [TestMethod]
    public void Archive_MadeByTarOfAFolder_IsRead()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Small)
        {
            File.WriteAllBytes(folder.File(name), content);
        }

        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            tar.WriteEntry(folder.Path, "./");
            tar.WriteEntry(folder.File("model.json"), "./model.json");
            tar.WriteEntry(folder.File("weights.safetensors"), "./weights.safetensors");
        }

        stream.Position = 0;
        Assert.HasCount(2, CheckpointArchive.ReadTar(stream, Limit));
    }

    [TestMethod]
    [DataRow("../model.json")]
    [DataRow("..")]
    [DataRow("/model.json")]
    [DataRow("/etc/cron.d/job")]
    [DataRow("a/model.json")]
    [DataRow("a/../model.json")]
    [DataRow("././model.json")]
    [DataRow("..\\model.json")]
    [DataRow("C:\\model.json")]
    [DataRow("model.json/")]
    [DataRow("MODEL.JSON")]
    [DataRow("model.json.py")]
    [DataRow("weights.pickle")]
    [DataRow("model.json ")]
    public void Name_OfAnyOtherFile_IsRefused(string name)
    {
        var entries = Small.Select(one => (one.Key, one.Value, 0)).Append((name, new byte[] { 1 }, 0)).ToArray();
        AssertRefused(() => CheckpointArchive.ReadTar(Tar(entries), Limit));
        AssertRefused(() => CheckpointArchive.ReadZip(Zip(entries), Limit));
    }

    [TestMethod]
    [DataRow(TarEntryType.SymbolicLink)]
    [DataRow(TarEntryType.HardLink)]
    [DataRow(TarEntryType.Fifo)]
    [DataRow(TarEntryType.CharacterDevice)]
    [DataRow(TarEntryType.Directory)]
    public void Entry_ThatIsNoFile_IsRefused(TarEntryType type)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            var entry = new PaxTarEntry(type, "model.json");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            tar.WriteEntry(entry);
        }

        stream.Position = 0;
        AssertRefused(() => CheckpointArchive.ReadTar(stream, Limit));
    }

    [TestMethod]
    public void Entry_ThatIsALinkInAZip_IsRefused() => AssertRefused(
        () => CheckpointArchive.ReadZip(Zip([("model.json", "/etc/passwd"u8.ToArray(), unchecked((int)0xA1FF0000)), ("weights.safetensors", [1], 0)]), Limit));

    [TestMethod]
    public void Entry_GivenTwiceOrMissing_IsRefused()
    {
        AssertRefused(() => CheckpointArchive.ReadTar(Tar([("model.json", [1], 0), ("model.json", [1], 0), ("weights.safetensors", [1], 0)]), Limit));
        AssertRefused(() => CheckpointArchive.ReadZip(Zip([("model.json", [1], 0)]), Limit));
    }

    [TestMethod]
    public void Archive_LargerThanTheLimitOnceUnpacked_IsRefused()
    {
        // A megabyte of zeros in a kilobyte of zip.
        var bomb = Zip([("model.json", [1], 0), ("weights.safetensors", new byte[1 << 20], 0)]);
        Assert.IsLessThan(5000, bomb.Length);
        AssertRefused(() => CheckpointArchive.ReadZip(bomb, Limit));
    }

    [TestMethod]
    public void Archive_CutAtAnyPlace_IsRefusedOrWhole()
    {
        var whole = CheckpointArchive.Write(Small);
        for (var length = 0; length < whole.Length; length += 97)
        {
            try
            {
                var read = CheckpointArchive.ReadTar(new MemoryStream(whole, 0, length), Limit);
                CollectionAssert.AreEqual(Small["weights.safetensors"], read["weights.safetensors"], $"cut at {length}");
            }
            catch (DaemonException error)
            {
                Assert.AreEqual(DaemonFault.Invalid, error.Fault);
            }
        }
    }

    private static void AssertRefused(Action read) => Assert.AreEqual(DaemonFault.Invalid, Assert.ThrowsExactly<DaemonException>(read).Fault);

    private static MemoryStream Tar((string Name, byte[] Content, int Attributes)[] entries)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content, _) in entries)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static MemoryStream Zip((string Name, byte[] Content, int Attributes)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var body = entry.Open();
                body.Write(content);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
