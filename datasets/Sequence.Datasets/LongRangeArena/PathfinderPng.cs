using System.Buffers.Binary;
using System.IO.Compression;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// A greyscale picture, read from and written to PNG (W3C, "Portable Network Graphics", third edition). Read are pictures of 8 bits
/// a sample, grey or red-green-blue, not interlaced, which is what the Pathfinder sets hold; written is 8-bit grey.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Pixels">Brightness, row-major.</param>
public sealed record PathfinderPng(int Height, int Width, byte[] Pixels)
{
    private const int LargestSide = 1 << 14;
    private const int SignatureLength = 8;
    private const int HeaderLength = 13;
    private const byte Grey = 0;
    private const byte Colour = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Reads a file. Colours become brightness by 0.299 red + 0.587 green + 0.114 blue.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is missing, damaged, cut, or of another kind.</exception>
    public static PathfinderPng Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="name">What to call it in faults.</param>
    /// <exception cref="DataFormatException">It is damaged, cut, or of another kind.</exception>
    public static PathfinderPng Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes.StartsWith(Signature))
        {
            throw new DataFormatException("no PNG picture. Fetch it again.", name);
        }

        byte[] header = [];
        using var packed = new MemoryStream();
        var rest = bytes[SignatureLength..];
        while (true)
        {
            var chunk = NextChunk(ref rest, name, out var kind);
            if (kind.SequenceEqual("IHDR"u8))
            {
                header = chunk.ToArray();
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                packed.Write(chunk);
            }
            else if (kind.SequenceEqual("IEND"u8))
            {
                break;
            }
        }

        if (header.Length != HeaderLength)
        {
            throw new DataFormatException("the PNG picture has no header. Fetch it again.", name);
        }

        var width = BinaryPrimitives.ReadInt32BigEndian(header);
        var height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        var (depth, colour, interlaced) = (header[8], header[9], header[12]);
        if (depth != 8 || colour is not (Grey or Colour) || interlaced != 0)
        {
            throw new DataFormatException(
                $"a PNG picture of {depth} bits, colour type {colour}, interlacing {interlaced}; read are 8 bits, type 0 (grey) or 2 (colour), interlacing 0. Convert it.",
                name);
        }

        if (width is < 1 or > LargestSide || height is < 1 or > LargestSide)
        {
            throw new DataFormatException($"a PNG picture of {height} by {width}; read are sides of 1 to {LargestSide}.", name);
        }

        var channels = colour == Grey ? 1 : 3;
        var samples = Unfilter(Inflate(packed, (long)height * ((width * channels) + 1), name), height, width * channels, channels, name);
        return new PathfinderPng(height, width, channels == 1 ? samples : Brightness(samples));
    }

    /// <summary>Writes the picture whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SequenceException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => stream.Write(ToBytes()), createFolder: true);

    /// <summary>The picture as the content of a PNG file.</summary>
    public byte[] ToBytes()
    {
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < Height; row++)
            {
                deflate.WriteByte(0);
                deflate.Write(Pixels.AsSpan(row * Width, Width));
            }
        }

        using var content = new MemoryStream();
        content.Write(Signature);
        WriteChunk(content, "IHDR"u8, header);
        WriteChunk(content, "IDAT"u8, packed.ToArray());
        WriteChunk(content, "IEND"u8, []);
        return content.ToArray();
    }

    private static ReadOnlySpan<byte> NextChunk(scoped ref ReadOnlySpan<byte> rest, string name, out ReadOnlySpan<byte> kind)
    {
        const int frame = 12;
        var length = rest.Length < frame ? -1 : BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length < 0 || length > rest.Length - frame)
        {
            throw new DataFormatException("the PNG picture ends too early. Fetch it again.", name);
        }

        kind = rest.Slice(4, 4);
        if (Checksum(rest.Slice(4, length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(length + 8)..]))
        {
            throw new DataFormatException("a checksum of the PNG picture is wrong. Fetch it again.", name);
        }

        var chunk = rest.Slice(8, length);
        rest = rest[(length + frame)..];
        return chunk;
    }

    private static byte[] Inflate(MemoryStream packed, long length, string name)
    {
        packed.Position = 0;
        var lines = new byte[length];
        try
        {
            using var inflate = new ZLibStream(packed, CompressionMode.Decompress);
            inflate.ReadExactly(lines);
            return lines;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException("the pixels of the PNG picture cannot be unpacked. Fetch it again.", name, innerException: exception);
        }
    }

    /// <summary>Undoes what each line's filter predicted from the left, from above and from the upper left.</summary>
    private static byte[] Unfilter(byte[] lines, int height, int width, int channels, string name)
    {
        var samples = new byte[height * width];
        for (var row = 0; row < height; row++)
        {
            var filter = lines[row * (width + 1)];
            for (var column = 0; column < width; column++)
            {
                var place = (row * width) + column;
                var left = column < channels ? 0 : samples[place - channels];
                var above = row == 0 ? 0 : samples[place - width];
                var upperLeft = row == 0 || column < channels ? 0 : samples[place - width - channels];
                var predicted = filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    4 => Paeth(left, above, upperLeft),
                    _ => throw new DataFormatException($"a line of the PNG picture has filter {filter}; there are 0 to 4.", name),
                };
                samples[place] = (byte)(lines[(row * (width + 1)) + column + 1] + predicted);
            }
        }

        return samples;
    }

    private static int Paeth(int left, int above, int upperLeft)
    {
        var estimate = left + above - upperLeft;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - upperLeft));
        return a <= b && a <= c ? left : b <= c ? above : upperLeft;
    }

    private static byte[] Brightness(byte[] colours)
    {
        var pixels = new byte[colours.Length / 3];
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            var (red, green, blue) = (colours[3 * pixel], colours[(3 * pixel) + 1], colours[(3 * pixel) + 2]);
            pixels[pixel] = (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);
        }

        return pixels;
    }

    private static void WriteChunk(MemoryStream stream, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        byte[] body = [.. kind, .. content];
        stream.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(body));
        stream.Write(number);
    }

    /// <summary>CRC-32 of ISO 3309, bit by bit: the pictures are small.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var value in bytes)
        {
            remainder ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder >> 1) ^ (0xEDB88320 & (0 - (remainder & 1)));
            }
        }

        return ~remainder;
    }
}
