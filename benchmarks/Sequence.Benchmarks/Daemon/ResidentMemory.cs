using System.Globalization;

namespace Sequence.Benchmarks.Daemon;

/// <summary>What of a process is in physical memory, as Linux counts it (VmRSS).</summary>
internal static class ResidentMemory
{
    public static double Megabytes(int process) => double.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
