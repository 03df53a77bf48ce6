using System.Buffers.Binary;
using System.Numerics;
using Sequence.Data;

namespace Sequence.Daemon.Storage;

/// <summary>The frame of what is stored as bytes: the version of its format before it (int32), a CRC-32C of both after it (uint32).</summary>
internal static class SealedBody
{
    public static byte[] Seal(int version, ReadOnlySpan<byte> content)
    {
        var body = new byte[sizeof(int) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(body, version);
        content.CopyTo(body.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(^sizeof(uint)..), Checksum(body.AsSpan(..^sizeof(uint))));
        return body;
    }

    /// <returns>The content.</returns>
    /// <exception cref="DataFormatException">It is of another version, or damaged.</exception>
    public static byte[] Open(int version, byte[] body)
    {
        if (body.Length < sizeof(int) + sizeof(uint))
        {
            throw new DataFormatException($"It has {body.Length} bytes, too few for any.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(body) is var written && written != version)
        {
            throw new DataFormatException($"It has version {written}; this daemon reads version {version}.");
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
