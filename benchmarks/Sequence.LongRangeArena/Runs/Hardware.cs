using System.Runtime.InteropServices;
using Sequence.Torch;

namespace Sequence.LongRangeArena;

/// <summary>The machine in words, for a result.</summary>
internal static class Hardware
{
    private const string ProcessorFile = "/proc/cpuinfo";

    public static string Describe(ComputeDevice device) =>
        $"{Processor()}, {Environment.ProcessorCount} processors, {LibtorchBootstrap.Threads} threads, {device}";

    private static string Processor()
    {
        if (File.Exists(ProcessorFile))
        {
            foreach (var line in File.ReadLines(ProcessorFile))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal) && line.Split(':', 2) is [_, var name])
                {
                    return name.Trim();
                }
            }
        }

        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}
