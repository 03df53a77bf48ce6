namespace Sequence.Streaming;

/// <summary>
/// Working memory of one step, taken from a buffer that each thread keeps: after a thread's first step nothing is
/// allocated. Scopes nest; dispose in reverse order. The values begin undefined.
/// </summary>
internal readonly ref struct Scratch
{
    [ThreadStatic]
    private static float[]? _buffer;

    [ThreadStatic]
    private static int _used;

    public Scratch(int length)
    {
        var needed = checked(_used + length);
        if (_buffer is null || _buffer.Length < needed)
        {
            // Outer scopes keep the old buffer alive through their spans.
            _buffer = new float[Math.Max(1024, checked(needed * 2))];
        }

        Values = _buffer.AsSpan(_used, length);
        _used = needed;
    }

    public Span<float> Values { get; }

    public void Dispose() => _used -= Values.Length;
}
