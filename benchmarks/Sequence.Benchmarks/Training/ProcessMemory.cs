using System.Globalization;

namespace Sequence.Benchmarks.Training;

/// <summary>Memory of this process as Linux counts it, in megabytes.</summary>
internal static class ProcessMemory
{
    /// <summary>What is resident now.</summary>
    internal static double Resident => Read("VmRSS:");

    /// <summary>The most that was resident at any time.</summary>
    internal static double PeakResident => Read("VmHWM:");

    private static double Read(string field) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Replace("kB", string.Empty, StringComparison.Ordinal),
        CultureInfo.InvariantCulture) / 1024;
}
