using System.Diagnostics;
using System.Globalization;

namespace Sequence.Daemon.Jobs;

/// <summary>
/// Which process this is, beyond its number, which the system gives away again: the number, when the process began and, on
/// Linux, which start of the machine that is counted from.
/// </summary>
internal static class ProcessMark
{
    /// <summary>The mark of a process that runs; null when it has ended.</summary>
    public static string? Of(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The name, in brackets, may hold anything; the 20th field behind it is the time of the start.
                var status = File.ReadAllText($"/proc/{id}/stat");
                var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] is "Z" or "X" ? null : $"{id} {fields[19]} {File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}";
            }

            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : string.Create(CultureInfo.InvariantCulture, $"{id} {process.StartTime.ToUniversalTime().Ticks}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Ends the process of a mark with its children, if it is that process which runs.</summary>
    /// <returns>Whether it ran.</returns>
    public static bool End(string mark)
    {
        if (!int.TryParse(mark.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !string.Equals(Of(id), mark, StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
