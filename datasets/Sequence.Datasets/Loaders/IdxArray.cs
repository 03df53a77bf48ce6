using System.Buffers.Binary;
using System.IO.Compression;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// An array of bytes in the IDX format of MNIST (LeCun, Cortes and Burges): two zero bytes, the element type (8 for unsigned
/// bytes), the number of axes, each length as a big-endian 32-bit number, then the elements row-major.
/// </summary>
/// <param name="Shape">Length of each axis, outermost first.</param>
/// <param name="Values">The elements, row-major.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, byte[] Values)
{
    private const int UnsignedBytes = 8;

    /// <summary>Reads a file, decompressed when its name ends in .gz.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is missing, cut, too long, or no IDX file of unsigned bytes.</exception>
    public static IdxArray Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes;
        try
        {
            using var file = File.OpenRead(path);
            using var content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : (Stream)file;
            using var memory = new MemoryStream();
            content.CopyTo(memory);
            bytes = memory.ToArray();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        if (bytes.Length < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != UnsignedBytes || bytes[3] == 0)
        {
            throw new DataFormatException("no IDX file of unsigned bytes.", path);
        }

        var axes = bytes[3];
        var start = 4 + (4 * axes);
        var shape = new int[axes];
        long count = 1;
        for (var axis = 0; axis < axes && bytes.Length >= start; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + (4 * axis)));
            count = shape[axis] < 0 || count > int.MaxValue ? long.MaxValue : count * shape[axis];
        }

        return bytes.Length >= start && count == bytes.Length - start
            ? new IdxArray(shape, bytes[start..])
            : throw new DataFormatException(
                $"says [{string.Join(", ", shape)}] but holds {Math.Max(0, bytes.Length - start)} elements. Fetch it again.", path);
    }
}
