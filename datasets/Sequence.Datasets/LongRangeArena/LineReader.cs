using System.Buffers;

namespace Sequence.Datasets;

/// <summary>Lines of a stream as bytes, ended by LF or CR LF, without a text for each.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _start;
    private int _end;
    private int _lineStart;
    private int _lineLength;

    /// <summary>The line, without its end; valid until the next one is read.</summary>
    internal ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Whether the line read last had an end.</summary>
    internal bool EndedWithNewLine { get; private set; }

    /// <summary>Reads a line; false when there is none left.</summary>
    internal bool Read()
    {
        var searched = _start;
        while (true)
        {
            var found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(searched + found);
                _start = searched + found + 1;
                EndedWithNewLine = true;
                return true;
            }

            searched = _end;
            if (_end == _buffer.Length)
            {
                searched -= _start;
                MakeRoom();
            }

            var count = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (count == 0)
            {
                if (_start == _end)
                {
                    return false;
                }

                Take(_end);
                _start = _end;
                EndedWithNewLine = false;
                return true;
            }

            _end += count;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Take(int end)
    {
        _lineStart = _start;
        _lineLength = end - _start;
        if (_lineLength > 0 && _buffer[end - 1] == '\r')
        {
            _lineLength--;
        }
    }

    private void MakeRoom()
    {
        var target = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _end -= _start;
        _start = 0;
    }
}
