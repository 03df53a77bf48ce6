using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderPngTests
{
    // A picture of 1 by 1, grey 128, as another program wrote it (checksums from there).
    private const string OneGreyPixel =
        "89504E470D0A1A0A0000000D49484452000000010000000108000000003A7E9B550000000A49444154789C636800000082008177CD72B60000000049454E44AE426082";

    [TestMethod]
    public void Png_OfAnotherProgram_IsRead()
    {
        var picture = PathfinderPng.Parse(Convert.FromHexString(OneGreyPixel), "one");
        Assert.AreEqual((1, 1, (byte)128), (picture.Height, picture.Width, picture.Pixels[0]));
    }

    [TestMethod]
    public void Png_WithEveryFilter_IsRead() => Gen
        .Select(Gen.Int[1, 7], Gen.Bool, Gen.Int[0, 4].Array[1, 6], Gen.Int)
        .Sample(
            (width, isColour, filters, noise) =>
            {
                var random = new Numerics.CounterRandom((ulong)noise);
                var channels = isColour ? 3 : 1;
                var samples = Enumerable.Range(0, filters.Length * width * channels).Select(_ => (byte)random.NextUInt32()).ToArray();
                var picture = PathfinderPng.Parse(Encode(samples, width, channels, filters), "filtered");
                var expected = isColour
                    ? samples.Chunk(3).Select(c => (byte)Math.Floor((0.299 * c[0]) + (0.587 * c[1]) + (0.114 * c[2]) + 0.5 + 1e-9)).ToArray()
                    : samples;
                CollectionAssert.AreEqual(expected, picture.Pixels);
            },
            iter: 200,
            threads: 1);

    [TestMethod]
    public void Png_OfAnyPixels_ReadsAsItWasWritten() => Gen.Select(Gen.Int[1, 9], Gen.Byte.Array[1, 9]).Sample(
        (width, column) =>
        {
            var pixels = column.SelectMany(value => Enumerable.Range(0, width).Select(x => (byte)(value + (31 * x)))).ToArray();
            using var folder = new TemporaryFolder();
            new PathfinderPng(column.Length, width, pixels).Write(folder["a.png"]);
            var read = PathfinderPng.Read(folder["a.png"]);
            Assert.AreEqual((column.Length, width), (read.Height, read.Width));
            CollectionAssert.AreEqual(pixels, read.Pixels);
        },
        iter: 20,
        threads: 1);

    [TestMethod]
    public void Png_CutOrChangedAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = Encode([.. Enumerable.Range(0, 12).Select(value => (byte)(value * 20))], 4, 1, [1, 2, 4]);
        for (var place = 0; place < whole.Length; place++)
        {
            File.WriteAllBytes(folder["cut.png"], whole[..place]);
            Assert.StartsWith(
                folder["cut.png"], Assert.ThrowsExactly<DataFormatException>(() => PathfinderPng.Read(folder["cut.png"])).Message);
            foreach (var flip in new byte[] { 1, 0x80, 0xFF })
            {
                var changed = whole.ToArray();
                changed[place] ^= flip;
                Assert.ThrowsExactly<DataFormatException>(() => PathfinderPng.Parse(changed, "changed"));
            }
        }

        Assert.ThrowsExactly<DataFormatException>(() => PathfinderPng.Read(folder["missing.png"]));
    }

    [TestMethod]
    public void Png_OfAKindThatIsNotRead_SaysWhich()
    {
        Assert.Contains("filter 5", Refusal(Encode([1], 1, 1, [0], filterCode: 5)));
        Assert.Contains("16 bits", Refusal(Encode([1], 1, 1, [0], depth: 16)));
        Assert.Contains("colour type 3", Refusal(Encode([1], 1, 1, [0], colour: 3)));
        Assert.Contains("interlacing 1", Refusal(Encode([1], 1, 1, [0], interlaced: 1)));
        Assert.Contains("0 by 1", Refusal(Encode([], 1, 1, [])));
        Assert.Contains("unpacked", Refusal(Encode([1], 1, 1, [0], height: 2)));

        static string Refusal(byte[] bytes) => Assert.ThrowsExactly<DataFormatException>(() => PathfinderPng.Parse(bytes, "a")).Message;
    }

    internal static byte[] Encode(
        byte[] samples, int width, int channels, int[] filters, int? filterCode = null, byte depth = 8, int? colour = null,
        byte interlaced = 0, int? height = null)
    {
        var length = width * channels;
        int Sample(int row, int column) => row < 0 || column < 0 ? 0 : samples[(row * length) + column];
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var row = 0; row < filters.Length; row++)
            {
                deflate.WriteByte((byte)(filterCode ?? filters[row]));
                for (var column = 0; column < length; column++)
                {
                    var (a, b, c) = (Sample(row, column - channels), Sample(row - 1, column), Sample(row - 1, column - channels));
                    var p = a + b - c;
                    var nearest = new[] { a, b, c }.MinBy(value => Math.Abs(p - value));
                    int[] predictions = [0, a, b, (a + b) / 2, nearest];
                    deflate.WriteByte((byte)(Sample(row, column) - predictions[filters[row]]));
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height ?? filters.Length);
        (header[8], header[9], header[12]) = (depth, (byte)(colour ?? (channels == 1 ? 0 : 2)), interlaced);

        // The pixels in two chunks, with one between header and pixels that means nothing here.
        var pixels = packed.ToArray();
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. Chunk("gAMA"u8, [0, 0, 1, 2]),
            .. Chunk("IDAT"u8, pixels[..(pixels.Length / 2)]), .. Chunk("IDAT"u8, pixels[(pixels.Length / 2)..]), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] body = [.. kind, .. content];

        // CRC-32 by long division of the bits.
        var remainder = 0xFFFFFFFFu;
        foreach (var bit in body.SelectMany(value => Enumerable.Range(0, 8).Select(place => (uint)(value >> place) & 1)))
        {
            remainder = ((remainder ^ bit) & 1) == 1 ? (remainder >> 1) ^ 0xEDB88320u : remainder >> 1;
        }

        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, ~remainder);
        return [.. length, .. body, .. checksum];
    }
}
