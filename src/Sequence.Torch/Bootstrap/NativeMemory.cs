using System.Runtime.InteropServices;

namespace Sequence.Torch;

/// <summary>Settings of the C library's allocator.</summary>
internal static partial class NativeMemory
{
    private const int MmapThreshold = -3;

    /// <summary>
    /// Gives every block over 64 kB its own pages, which return to the system when freed. glibc otherwise raises that limit as
    /// it runs, and small blocks freed late by finalizers then pin a heap that grows by the step.
    /// </summary>
    internal static void KeepHeapFlat()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocOption(MmapThreshold, 64 * 1024);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such option, and no such heap.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);
}
