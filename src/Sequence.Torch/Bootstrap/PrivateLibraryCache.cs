using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Sequence.Torch;

/// <summary>
/// A folder of native libraries that only this user can write, because what lies in it is loaded into the process.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class PrivateLibraryCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private readonly string _parent;
    private readonly string _folder;

    /// <summary>The cache in sequence/libtorch below <paramref name="root"/>; nothing is made until something is stored.</summary>
    internal PrivateLibraryCache(string root)
    {
        _parent = Path.Combine(Path.GetFullPath(root), "sequence");
        _folder = Path.Combine(_parent, "libtorch");
    }

    /// <summary>The cache of this user: below XDG_CACHE_HOME, or ~/.cache (XDG Base Directory Specification).</summary>
    internal static PrivateLibraryCache OfUser()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root) || !Path.IsPathRooted(root))
        {
            root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return new PrivateLibraryCache(root);
    }

    /// <summary>
    /// The path of a file with exactly the bytes <paramref name="content"/>, written now unless it is there already. Its name
    /// carries the SHA-256 of <paramref name="original"/>, so that versions live side by side.
    /// </summary>
    /// <exception cref="LibtorchUnavailableException">The folder cannot be written, or somebody else could write it.</exception>
    internal string Store(string name, ReadOnlySpan<byte> original, ReadOnlySpan<byte> content)
    {
        try
        {
            Directory.CreateDirectory(_folder, OwnerOnly);
            RefuseFolderOfOthers(_parent, WritableByOthers);
            RefuseFolderOfOthers(_folder, ~OwnerOnly);
            var hash = Convert.ToHexStringLower(SHA256.HashData(original));
            var path = Path.Combine(_folder, $"{Path.GetFileNameWithoutExtension(name)}-{hash}{Path.GetExtension(name)}");
            if (!Holds(path, content))
            {
                Replace(path, content);
                if (!Holds(path, content))
                {
                    throw new IOException($"'{path}' does not hold what was just written to it.");
                }
            }

            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LibtorchUnavailableException(
                $"The library cache '{_folder}' cannot be used: {exception.Message}",
                "Make it writable, or set XDG_CACHE_HOME to a folder of yours.",
                exception);
        }
    }

    private static void RefuseFolderOfOthers(string folder, UnixFileMode forbidden)
    {
        var status = StatusOf(folder);
        var fault = status switch
        {
            null => "cannot be found",
            { Kind: not FileKind.Directory } => "is not a folder but a link or a file",
            { Owner: var owner } when owner != GetEffectiveUser() => $"belongs to user {owner}",
            { Mode: var mode } when (mode & forbidden) != UnixFileMode.None =>
                $"is open to other users (mode {Convert.ToString((int)mode, 8)})",
            _ => null,
        };
        if (fault is not null)
        {
            throw new LibtorchUnavailableException(
                $"The library cache '{folder}' {fault}, so a library in it cannot be trusted.",
                "Remove it, or set XDG_CACHE_HOME to a folder of yours; it is made anew with mode 700.");
        }
    }

    private static bool Holds(string path, ReadOnlySpan<byte> content)
    {
        return StatusOf(path) is { Kind: FileKind.Regular } status
            && status.Owner == GetEffectiveUser()
            && (status.Mode & WritableByOthers) == UnixFileMode.None
            && content.SequenceEqual(File.ReadAllBytes(path));
    }

    /// <summary>Written under another name and renamed, so that a process that loads meanwhile sees the old file or the new one.</summary>
    private static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}";
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

    /// <summary>Status without following a link at the end of the path; null where nothing is there. statx, because its layout is the same on every Linux.</summary>
    private static unsafe FileStatus? StatusOf(string path)
    {
        const int CurrentFolder = -100;
        const int NoFollow = 0x100;
        const uint BasicStatus = 0x7ff;
        var buffer = stackalloc byte[256];
        if (StatX(CurrentFolder, path, NoFollow, BasicStatus, buffer) != 0)
        {
            const int NoEntry = 2;
            return Marshal.GetLastPInvokeError() == NoEntry
                ? null
                : throw new IOException($"'{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var owner = *(uint*)(buffer + 20);
        var mode = *(ushort*)(buffer + 28);
        return new FileStatus((FileKind)(mode >> 12), owner, (UnixFileMode)(mode & 0xfff));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    private enum FileKind
    {
        Directory = 4,
        Regular = 8,
    }

    private readonly record struct FileStatus(FileKind Kind, uint Owner, UnixFileMode Mode);
}
