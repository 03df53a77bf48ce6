using System.Buffers.Binary;
using System.Numerics;
using Sequence.Data;

namespace Sequence.Daemon.Engine;

/// <summary>The frame of a snapshot's content: the version of its format before it (int32), a CRC-32C of both after it (uint32).</summary>
internal static class SnapshotBody
{
    // One more whenever what SeriesState writes, or what it means, changes.
    private const int Version = 1;

    public static byte[] Seal(ReadOnlySpan<byte> content)
    {
        var body = new byte[sizeof(int) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(body, Version);
        content.CopyTo(body.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(^sizeof(uint)..), Checksum(body.AsSpan(..^sizeof(uint))));
        return body;
    }

    /// <returns>The content.</returns>
    /// <exception cref="DataFormatException">It is of another version, or damaged.</exception>
    public static byte[] Open(byte[] body)
    {
        if (body.Length < sizeof(int) + sizeof(uint))
        {
            throw new DataFormatException($"It has {body.Length} bytes, too few for any.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(body) is var version && version != Version)
        {
            throw new DataFormatException($"It has version {version}; this daemon reads version {Version}.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(^sizeof(uint)..)) != Checksum(body.AsSpan(..^sizeof(uint))))
        {
            throw new DataFormatException("It is damaged: its checksum is another.");
        }

        return body[sizeof(int)..^sizeof(uint)];
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var one in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return ~checksum;
    }
}
