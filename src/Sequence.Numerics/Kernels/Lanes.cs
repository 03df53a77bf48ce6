using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>The width of this machine, and loads and stores at the end of an array.</summary>
internal static class Lanes
{
    public const int Most = 16;

    /// <summary>Lanes of the widest vectors that this machine computes with at once.</summary>
    public static int Best { get; } =
        Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Loads up to a vector's worth of values; the lanes past <paramref name="count"/> are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(ref readonly float source, nuint offset, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        count >= TLanes.Count
            ? TLanes.Load(in source, offset)
            : LoadPart<TLanes, TVector>(in Unsafe.Add(ref Unsafe.AsRef(in source), offset), count);

    /// <summary>Stores up to a vector's worth of values; the lanes past <paramref name="count"/> are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes, TVector>(TVector value, ref float target, nuint offset, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (count >= TLanes.Count)
        {
            TLanes.Store(value, ref target, offset);
        }
        else
        {
            StorePart<TLanes, TVector>(value, ref Unsafe.Add(ref target, offset), count);
        }
    }

    private static TVector LoadPart<TLanes, TVector>(ref readonly float source, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        Span<float> buffer = stackalloc float[Most];
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(buffer);
        return TLanes.Load(in buffer[0], 0);
    }

    private static void StorePart<TLanes, TVector>(TVector value, ref float target, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        Span<float> buffer = stackalloc float[Most];
        TLanes.Store(value, ref buffer[0], 0);
        buffer[..count].CopyTo(MemoryMarshal.CreateSpan(ref target, count));
    }
}
