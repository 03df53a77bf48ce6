using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Sequence.Torch;

/// <summary>
/// A folder for a library that is written and then loaded: only its owner may write to it, and what is in it is compared
/// with what should be there before every load.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class PrivateCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder: SEQUENCE_CACHE, or sequence under XDG_CACHE_HOME or ~/.cache.</summary>
    public static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("SEQUENCE_CACHE") is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
                ? home
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(Path.GetFullPath(root), "sequence");
        }
    }

    /// <summary>Puts the content under this name, unless it is there already, and returns its path.</summary>
    /// <exception cref="LibtorchUnavailableException">The folder belongs to or can be written by somebody else.</exception>
    public static string Store(string folder, string name, ReadOnlySpan<byte> content)
    {
        RequirePrivate(folder);
        var path = Path.Combine(folder, name);
        var wanted = SHA256.HashData(content);
        if (!Holds(path, wanted))
        {
            var temporary = Path.Combine(folder, $".{name}.{Guid.NewGuid():N}");
            try
            {
                using (var stream = new FileStream(temporary, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }))
                {
                    stream.Write(content);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        return path;
    }

    private static bool Holds(string path, ReadOnlySpan<byte> wanted)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null)
        {
            return false;
        }

        using var stream = file.OpenRead();
        return SHA256.HashData(stream).AsSpan().SequenceEqual(wanted);
    }

    private static void RequirePrivate(string folder)
    {
        var directory = new DirectoryInfo(folder);
        if (!directory.Exists)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder, OwnerOnly);
            directory.Refresh();
        }

        if (directory.LinkTarget is not null)
        {
            throw new LibtorchUnavailableException(
                $"{folder} is a symbolic link; a library that will be loaded is not written through it. Remove the link or " +
                "name another folder in SEQUENCE_CACHE.");
        }

        if (Owner(folder) != EffectiveUser())
        {
            throw new LibtorchUnavailableException(
                $"{folder} belongs to another user; a library in it cannot be trusted. Name a folder of your own in " +
                "SEQUENCE_CACHE.");
        }

        if ((directory.UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
        {
            throw new LibtorchUnavailableException(
                $"{folder} can be written by others; a library in it cannot be trusted. Run: chmod 700 {folder}");
        }
    }

    private static uint Owner(string path)
    {
        // struct statx: stx_mask, stx_blksize (4 bytes each), stx_attributes (8), stx_nlink (4), stx_uid (4).
        Span<byte> buffer = stackalloc byte[256];
        const int CurrentDirectory = -100;
        const int NoFollow = 0x100;
        const uint WantOwner = 0x8;
        if (Statx(CurrentDirectory, path, NoFollow, WantOwner, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            throw new LibtorchUnavailableException($"The owner of {path} cannot be read. Name another folder in SEQUENCE_CACHE.");
        }

        return MemoryMarshal.Read<uint>(buffer[20..]);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
