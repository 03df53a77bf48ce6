using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// Square greyscale images with labels in one file, to be read at once and used in place.
/// <para>
/// Version 1, numbers little-endian: 8 bytes "SEQIMAGE"; version (32 bits); size, count and length of the source in bytes (32 bits
/// each); first index and seed (64 bits each); the source in UTF-8; one byte a label; size x size bytes an image, row-major;
/// SHA-256 over all bytes before it.
/// </para>
/// </summary>
public sealed class ImagePack
{
    /// <summary>The version written, and the only one read.</summary>
    public const int Version = 1;

    /// <summary>Most pixels of one pack.</summary>
    public const int MostPixels = 1 << 30;

    private const int FixedLength = 40;
    private const int LongestSource = 1 << 16;
    private const int LargestSize = 1 << 12;

    private readonly ReadOnlyMemory<byte> _content;
    private readonly int _labels;
    private readonly int _pixels;

    /// <summary>Packs images.</summary>
    /// <param name="header">What they are.</param>
    /// <param name="labels">One for each image.</param>
    /// <param name="pixels">The images one after another.</param>
    /// <exception cref="ArgumentException">The numbers do not match the header, or it is too large for one file.</exception>
    public ImagePack(ImagePackHeader header, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(header);
        var source = Encoding.UTF8.GetBytes(header.Source);
        var fault = Fault(header, source.Length);
        if (fault is not null)
        {
            throw new ArgumentException(fault, nameof(header));
        }

        if (labels.Length != header.Count || pixels.Length != header.Count * header.Size * header.Size)
        {
            throw new ArgumentException(
                $"{labels.Length} labels and {pixels.Length} pixels for {header.Count} images of {header.Size} by {header.Size}.", nameof(pixels));
        }

        var content = new byte[Length(header, source.Length)];
        "SEQIMAGE"u8.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), header.Size);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(16), header.Count);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(20), source.Length);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(24), header.FirstIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(32), header.Seed);
        source.CopyTo(content, FixedLength);
        (Header, _content) = (header, content);
        (_labels, _pixels) = Places(header, source.Length);
        labels.CopyTo(content.AsSpan(_labels));
        pixels.CopyTo(content.AsSpan(_pixels));
        SHA256.HashData(content.AsSpan(0, content.Length - SHA256.HashSizeInBytes), content.AsSpan(content.Length - SHA256.HashSizeInBytes));
    }

    private ImagePack(ImagePackHeader header, ReadOnlyMemory<byte> content, int sourceLength)
    {
        (Header, _content) = (header, content);
        (_labels, _pixels) = Places(header, sourceLength);
    }

    /// <summary>What the pack holds.</summary>
    public ImagePackHeader Header { get; }

    /// <summary>One byte for each image.</summary>
    public ReadOnlyMemory<byte> Labels => _content.Slice(_labels, Header.Count);

    /// <summary>An image with its label; the pixels are a piece of the pack, not a copy.</summary>
    /// <param name="index">Its place in the pack, counted from 0.</param>
    public LabelledSequence this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Header.Count);
            var area = Header.Size * Header.Size;
            return new LabelledSequence(_content.Slice(_pixels + (index * area), area), _content.Span[_labels + index]);
        }
    }

    /// <summary>Reads a file and checks all of it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is missing, cut, too long, damaged, no pack, or of another version.</exception>
    public static ImagePack Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Checks the content of a file and uses it in place.</summary>
    /// <param name="content">The content, which must not change afterwards.</param>
    /// <param name="name">What to call it in faults.</param>
    /// <exception cref="DataFormatException">It is cut, too long, damaged, no pack, or of another version.</exception>
    public static ImagePack Parse(ReadOnlyMemory<byte> content, string name)
    {
        var bytes = content.Span;
        var header = ParseHeader(bytes, bytes.Length, name, out var sourceLength);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        return SHA256.HashData(bytes[..end]).AsSpan().SequenceEqual(bytes[end..])
            ? new ImagePack(header, content, sourceLength)
            : throw Damaged(name, "its bytes do not have the checksum written with them");
    }

    /// <summary>Reads what a file holds without its images: checks the header and the length, not the checksum.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is missing, cut, too long, no pack, or of another version.</exception>
    public static ImagePackHeader ReadHeader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = File.OpenRead(path);
            var beginning = new byte[Math.Min(file.Length, FixedLength + LongestSource)];
            file.ReadExactly(beginning);
            return ParseHeader(beginning, file.Length, path, out _);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Writes the pack whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <exception cref="SequenceException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => stream.Write(_content.Span), createFolder: true);

    private static ImagePackHeader ParseHeader(ReadOnlySpan<byte> bytes, long length, string name, out int sourceLength)
    {
        if (bytes.Length < FixedLength)
        {
            throw Damaged(name, $"it ends after {length} bytes");
        }

        if (!bytes.StartsWith("SEQIMAGE"u8))
        {
            throw new DataFormatException("no pack of images. Give a folder that packs were generated into.", name);
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
        {
            throw new DataFormatException(
                $"a pack of images of version {version}; this program reads version {Version}. {(version > Version ? "Use a newer program, or delete" : "Delete")} the file and generate it again.",
                name);
        }

        sourceLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        var header = new ImagePackHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            string.Empty);
        var fault = Fault(header, sourceLength);
        if (fault is not null)
        {
            throw Damaged(name, $"its header says: {fault}");
        }

        var expected = Length(header, sourceLength);
        return length == expected
            ? header with { Source = Encoding.UTF8.GetString(bytes.Slice(FixedLength, sourceLength)) }
            : throw Damaged(name, $"it has {length} bytes instead of {expected}");
    }

    private static string? Fault(ImagePackHeader header, int sourceLength) =>
        header.Size is < 1 or > LargestSize ? $"images of {header.Size} pixels; there are 1 to {LargestSize}."
        : header.Count < 1 || (long)header.Count * header.Size * header.Size > MostPixels
            ? $"{header.Count} images of {header.Size} pixels; a pack holds 1 to {MostPixels / (header.Size * header.Size)}."
        : header.FirstIndex < 0 ? $"a first index of {header.FirstIndex}."
        : sourceLength is < 0 or > LongestSource ? $"a source of {sourceLength} bytes; at most {LongestSource}."
        : null;

    private static (int Labels, int Pixels) Places(ImagePackHeader header, int sourceLength) =>
        (FixedLength + sourceLength, FixedLength + sourceLength + header.Count);

    private static int Length(ImagePackHeader header, int sourceLength) =>
        Places(header, sourceLength).Pixels + (header.Count * header.Size * header.Size) + SHA256.HashSizeInBytes;

    private static DataFormatException Damaged(string name, string what) =>
        new($"the pack of images is damaged: {what}. Delete the file and generate again; the other files are kept.", name);

    private static DataFormatException Unreadable(string path, Exception exception) =>
        new($"cannot be read: {exception.Message}", path, innerException: exception);
}
