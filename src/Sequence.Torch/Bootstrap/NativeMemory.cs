using System.Runtime.InteropServices;

namespace Sequence.Torch;

/// <summary>Settings of the C library's allocator.</summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int Mebibyte = 1 << 20;

    /// <summary>
    /// Fixes both thresholds, which glibc otherwise moves while the program runs: blocks below 32 MB come from the heap, and the
    /// heap keeps up to 256 MB of free space at its end. Tensors of a training step then reuse pages that are already mapped,
    /// which halves the time of a step against a low threshold, and memory is as flat.
    /// </summary>
    internal static void KeepPages()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocOption(MmapThreshold, 32 * Mebibyte);
            _ = MallocOption(TrimThreshold, 256 * Mebibyte);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such option, and no such heap.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);
}
