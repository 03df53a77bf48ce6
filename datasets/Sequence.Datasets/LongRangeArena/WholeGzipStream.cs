using System.Buffers.Binary;
using System.IO.Compression;

namespace Sequence.Datasets;

/// <summary>
/// Decompresses a gzip file and, at its end, checks the length against the one in the last four bytes. <see
/// cref="GZipStream"/> alone takes a file that is cut anywhere for a shorter one.
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    private readonly GZipStream _content;
    private readonly uint _expected;
    private uint _length;

    private WholeGzipStream(FileStream file)
    {
        if (file.Length < sizeof(uint))
        {
            throw new InvalidDataException("the file is too short for gzip.");
        }

        Span<byte> length = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - sizeof(uint);
        file.ReadExactly(length);
        file.Position = 0;
        _expected = BinaryPrimitives.ReadUInt32LittleEndian(length);
        _content = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Opens a file for reading, decompressed when its name ends in .gz.</summary>
    internal static Stream Open(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? OpenGzip(path) : File.OpenRead(path);

    /// <summary>Opens a gzip file of any name.</summary>
    internal static WholeGzipStream OpenGzip(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            return new WholeGzipStream(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = _content.Read(buffer);
        unchecked
        {
            _length += (uint)count;
        }

        return count > 0 || buffer.IsEmpty || _length == _expected
            ? count
            : throw new InvalidDataException(
                $"{_length} bytes come out, the end of the file says {_expected} (modulo 2^32); it is cut short or changed.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
