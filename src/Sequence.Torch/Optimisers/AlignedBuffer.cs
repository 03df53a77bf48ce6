using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sequence.Torch;

/// <summary>
/// Zeros that begin on a cache line, as libtorch's own memory does: a vector that lies across two lines costs two loads.
/// </summary>
internal readonly struct AlignedBuffer
{
    private const int Line = 64;

    private readonly byte[] _memory;
    private readonly int _start;

    private AlignedBuffer(int bytes)
    {
        // Pinned, so that the place it begins at stays aligned.
        _memory = GC.AllocateArray<byte>(checked(bytes + Line), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _start = (int)((Line - (address % Line)) % Line);
    }

    internal static AlignedBuffer Create<T>(int length)
        where T : unmanaged => new(checked(length * Unsafe.SizeOf<T>()));

    internal Span<T> Span<T>(int length)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_memory.AsSpan(_start, length * Unsafe.SizeOf<T>()));
}
