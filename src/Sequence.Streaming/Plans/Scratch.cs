namespace Sequence.Streaming;

/// <summary>
/// Working memory of one step, taken from a buffer that each thread keeps: after a thread's first step nothing is
/// allocated. Scopes nest; dispose in reverse order. The values begin undefined.
/// </summary>
internal readonly ref struct Scratch
{
    [ThreadStatic]
    private static float[]? t_buffer;

    [ThreadStatic]
    private static int t_used;

    public Scratch(int length)
    {
        var needed = checked(t_used + length);
        if (t_buffer is null || t_buffer.Length < needed)
        {
            // Outer scopes keep the old buffer alive through their spans.
            t_buffer = new float[Math.Max(1024, checked(needed * 2))];
        }

        Values = t_buffer.AsSpan(t_used, length);
        t_used = needed;
    }

    public Span<float> Values { get; }

    public void Dispose() => t_used -= Values.Length;
}
