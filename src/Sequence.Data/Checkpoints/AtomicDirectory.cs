using System.Runtime.InteropServices;

namespace Sequence.Data.Checkpoints;

/// <summary>Writes a directory as a whole: under a temporary name first, then renamed.</summary>
internal static partial class AtomicDirectory
{
    private const string Suffix = ".tmp";
    private const int CurrentDirectory = -100;
    private const uint Exchange = 2;

    // What a killed writer left behind is removed by a later one, once no living writer can still be at it.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Lets <paramref name="fill"/> write into a new directory and puts it in the place of the target.</summary>
    public static void Write(string target, Action<string> fill)
    {
        var parent = Path.GetDirectoryName(target)
            ?? throw new CheckpointException(target, "cannot be written: it is the root of a file system.");
        var prefix = "." + Path.GetFileName(target) + ".";
        var temporary = Path.Combine(parent, prefix + Guid.NewGuid().ToString("N") + Suffix);
        try
        {
            if (File.Exists(target))
            {
                throw new CheckpointException(target, "cannot be written: it is a file, not a directory.");
            }

            Directory.CreateDirectory(parent);
            RemoveAbandoned(parent, prefix);
            Directory.CreateDirectory(temporary);
            fill(temporary);
            Replace(temporary, target);
        }
        catch (Exception exception) when (CheckpointFiles.IsFileFault(exception))
        {
            throw new CheckpointException(target, $"cannot be written: {exception.Message}", exception);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static void Replace(string temporary, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(temporary, target);
            return;
        }

        if (TryExchange(temporary, target))
        {
            return;
        }

        var old = temporary + Suffix;
        Directory.Move(target, old);
        try
        {
            Directory.Move(temporary, target);
        }
        catch (Exception exception) when (CheckpointFiles.IsFileFault(exception))
        {
            Directory.Move(old, target);
            throw;
        }

        TryDelete(old);
    }

    private static bool TryExchange(string first, string second)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return RenameAt2(CurrentDirectory, first, CurrentDirectory, second, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static void RemoveAbandoned(string parent, string prefix)
    {
        var latest = TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned;
        foreach (var directory in Directory.EnumerateDirectories(parent, prefix + "*" + Suffix))
        {
            if (Directory.GetLastWriteTimeUtc(directory) < latest)
            {
                TryDelete(directory);
            }
        }
    }

    private static void TryDelete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception exception) when (CheckpointFiles.IsFileFault(exception))
        {
            // It is hidden and never read; the next writer tries again.
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameAt2(
        int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}
