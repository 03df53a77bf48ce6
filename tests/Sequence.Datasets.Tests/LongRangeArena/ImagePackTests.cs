using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CsCheck;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class ImagePackTests
{
    private static readonly ImagePackHeader Header = new(3, 10, 2, 0x0102030405060708, "dots é");

    private static readonly byte[] Pixels = [.. Enumerable.Range(1, 18).Select(value => (byte)(value * 14))];

    [TestMethod]
    public void Pack_Written_HasTheDocumentedBytes()
    {
        using var folder = new TemporaryFolder();
        new ImagePack(Header, [1, 0], Pixels).Write(folder["a.pack"]);
        byte[] expected =
        [
            (byte)'S', (byte)'E', (byte)'Q', (byte)'I', (byte)'M', (byte)'A', (byte)'G', (byte)'E', 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0,
            7, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, (byte)'d', (byte)'o', (byte)'t', (byte)'s', (byte)' ', 0xC3, 0xA9,
            1, 0, .. Pixels,
        ];
        CollectionAssert.AreEqual(expected.Concat(SHA256.HashData(expected)).ToArray(), File.ReadAllBytes(folder["a.pack"]));
    }

    [TestMethod]
    public void Pack_Read_GivesPiecesOfOneBlock()
    {
        using var folder = new TemporaryFolder();
        new ImagePack(Header, [1, 0], Pixels).Write(folder["a.pack"]);
        var pack = ImagePack.Read(folder["a.pack"]);
        Assert.AreEqual(Header, pack.Header);
        Assert.AreEqual(Header, ImagePack.ReadHeader(folder["a.pack"]));
        CollectionAssert.AreEqual(new byte[] { 1, 0 }, pack.Labels.ToArray());
        CollectionAssert.AreEqual(Pixels[9..], pack[1].Values.ToArray());
        Assert.AreEqual(1, pack[0].Label);
        Assert.IsTrue(MemoryMarshal.TryGetArray(pack[0].Values, out var first));
        Assert.IsTrue(MemoryMarshal.TryGetArray(pack[1].Values, out var second));
        Assert.AreSame(first.Array, second.Array);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pack[2]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pack[-1]);
    }

    [TestMethod]
    public void Pack_CutAtAnyLengthOrTooLong_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = Content(folder);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["cut.pack"], whole[..length]);
            var message = Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Read(folder["cut.pack"])).Message;
            Assert.StartsWith(folder["cut.pack"], message);
            Assert.Contains("enerate", message);
            Assert.ThrowsExactly<DataFormatException>(() => ImagePack.ReadHeader(folder["cut.pack"]));
        }

        Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Parse(whole.Append((byte)0).ToArray(), "long"));
        Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Read(folder["missing.pack"]));
        Assert.ThrowsExactly<DataFormatException>(() => ImagePack.ReadHeader(folder["missing.pack"]));
    }

    [TestMethod]
    public void Pack_WithAnyByteChanged_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = Content(folder);
        for (var place = 0; place < whole.Length; place++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                var changed = whole.ToArray();
                changed[place] ^= flip;
                Assert.Contains("enerate", Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Parse(changed, "changed")).Message);
            }
        }
    }

    [TestMethod]
    public void Pack_OfAnotherVersion_IsRefusedByVersion()
    {
        using var folder = new TemporaryFolder();
        var newer = Content(folder);
        newer[8] = 2;
        Assert.Contains("newer program", Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Parse(newer, "newer")).Message);
        newer[8] = 0;
        var message = Assert.ThrowsExactly<DataFormatException>(() => ImagePack.Parse(newer, "older")).Message;
        Assert.Contains("version 0; this program reads version 1. Delete the file", message);
    }

    [TestMethod]
    public void Pack_OfNumbersThatDoNotMatch_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new ImagePack(Header, [1], Pixels));
        Assert.ThrowsExactly<ArgumentException>(() => new ImagePack(Header, [1, 0], Pixels.AsSpan(1)));
        Assert.ThrowsExactly<ArgumentException>(() => new ImagePack(Header with { Size = 0 }, [1, 0], Pixels));
        Assert.ThrowsExactly<ArgumentException>(() => new ImagePack(Header with { Size = 4096, Count = 65 }, [1, 0], Pixels));
        Assert.ThrowsExactly<ArgumentException>(() => new ImagePack(Header with { FirstIndex = -1 }, [1, 0], Pixels));
    }

    [TestMethod]
    public void Pack_OfAnyContent_ReadsAsItWasWritten() => Gen
        .Select(Gen.Int[1, 9], Gen.Int[1, 5], Gen.Long[0, long.MaxValue], Gen.ULong, Gen.String[0, 20], Gen.Int)
        .Where(values => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(values.Item5)) == values.Item5)
        .Sample(
            values =>
            {
                var (size, count, first, seed, source, noise) = values;
                var random = new Numerics.CounterRandom((ulong)noise);
                var bytes = Enumerable.Range(0, count * ((size * size) + 1)).Select(_ => (byte)random.NextUInt32()).ToArray();
                using var folder = new TemporaryFolder();
                var header = new ImagePackHeader(size, first, count, seed, source);
                new ImagePack(header, bytes.AsSpan(0, count), bytes.AsSpan(count)).Write(folder["a"]);
                var pack = ImagePack.Read(folder["a"]);
                Assert.AreEqual(header, pack.Header);
                for (var image = 0; image < count; image++)
                {
                    Assert.AreEqual(bytes[image], pack[image].Label);
                    CollectionAssert.AreEqual(
                        bytes.AsSpan(count + (image * size * size), size * size).ToArray(), pack[image].Values.ToArray());
                }
            },
            iter: 50,
            threads: 1);

    private static byte[] Content(TemporaryFolder folder)
    {
        new ImagePack(Header, [1, 0], Pixels).Write(folder["whole.pack"]);
        return File.ReadAllBytes(folder["whole.pack"]);
    }
}
