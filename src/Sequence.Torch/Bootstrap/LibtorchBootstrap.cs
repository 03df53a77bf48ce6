using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;

namespace Sequence.Torch;

/// <summary>
/// Loads libtorch before anything touches TorchSharp, on machines where TorchSharp alone would fail, and says in plain words
/// why when it cannot be loaded.
/// </summary>
/// <remarks>
/// The first use of any type of Sequence.Torch runs this; a failure is kept and thrown at the first call of
/// <see cref="Initialise"/>, which every guarded door of this room makes. The work is done once a process. See docs/torch.md.
/// </remarks>
public static class LibtorchBootstrap
{
    /// <summary>The one version of libtorch that TorchSharp's binding was built for.</summary>
    public const string LibtorchVersion = "2.10.0";

    /// <summary>The version of TorchSharp this room is built and tested with.</summary>
    public const string TorchSharpVersion = "0.107.0";

    private const string ThreadsVariable = "OMP_NUM_THREADS";

    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static LibtorchInstallation? _installation;
    private static LibtorchUnavailableException? _failure;

    /// <summary>
    /// How many threads one operation uses unless a compute thread asks for another number: what OMP_NUM_THREADS says, or
    /// 1. Small models gain nothing from more, and threads that wait for each other busily cost a loaded machine dearly;
    /// run several trainings side by side instead.
    /// </summary>
    public static int Threads { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(ThreadsVariable), CultureInfo.InvariantCulture, out var asked) && asked > 0
            ? asked
            : 1;

    /// <summary>Loads libtorch, or says at once what an earlier call found. Safe from any thread.</summary>
    /// <returns>What was loaded.</returns>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded; the message says why and what to do.</exception>
    public static LibtorchInstallation Initialise()
    {
        if (Volatile.Read(ref _installation) is { } ready)
        {
            return ready;
        }

        return TryInitialise(out var failure)
            ?? throw new LibtorchUnavailableException(failure!.Cause, failure.Remedy, failure.InnerException);
    }

    /// <summary>Like <see cref="Initialise"/>, for callers that report a failure rather than stop at it.</summary>
    /// <param name="failure">Why libtorch cannot be used, or null.</param>
    /// <returns>What was loaded, or null.</returns>
    public static LibtorchInstallation? TryInitialise(out LibtorchUnavailableException? failure)
    {
        lock (Gate)
        {
            if (_installation is null && _failure is null)
            {
                try
                {
                    var installation = Load();
                    torch.set_num_threads(Threads);
                    Volatile.Write(ref _installation, installation);
                }
                catch (LibtorchUnavailableException exception)
                {
                    _failure = exception;
                }
                catch (Exception exception)
                {
                    _failure = new LibtorchUnavailableException(
                        $"libtorch could not be loaded: {exception.Message}",
                        "Run 'sequence doctor' for a report on this machine.",
                        exception);
                }
            }

            failure = _failure;
            return _installation;
        }
    }

    private static LibtorchInstallation Load()
    {
        NativeMemory.KeepPages();
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            return LoadOnLinux();
        }

        // Asking the loader before TorchSharp does, because a failure inside TorchSharp copies natives about and blames a
        // missing package.
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library)
            || !NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
        {
            throw new LibtorchUnavailableException(
                $"libtorch cannot be loaded on {RuntimeInformation.RuntimeIdentifier}.",
                "Linux x64 is supported. Windows x64 and macOS arm64 need a reference to the package libtorch-cpu-win-x64 or "
                + $"libtorch-cpu-osx-arm64, version {LibtorchVersion}; forecasting from a checkpoint (Sequence.Streaming) needs no libtorch.");
        }

        torch.InitializeDeviceType(DeviceType.CPU);
        return new LibtorchInstallation(VersionOf(library), null, null, IsPatched: false, HasCuda: false);
    }

    [SupportedOSPlatform("linux")]
    private static LibtorchInstallation LoadOnLinux()
    {
        var folder = LibtorchLocator.FindLibrary();
        LoadFile(Path.Combine(folder, "libc10.so"));
        var library = LoadFile(Path.Combine(folder, LibtorchLocator.CpuFile));
        var version = VersionOf(library);
        if (version != LibtorchVersion)
        {
            throw new LibtorchUnavailableException(
                $"The folder '{folder}' holds libtorch {version}; exactly {LibtorchVersion} is needed.",
                $"Download that version, or unset {LibtorchLocator.FolderVariable} to use the CPU package.");
        }

        var cuda = Path.Combine(folder, "libtorch_cuda.so");
        var hasCuda = File.Exists(cuda);
        if (hasCuda)
        {
            LoadFile(Path.Combine(folder, "libc10_cuda.so"));
            LoadFile(cuda);
        }

        LoadFile(Path.Combine(folder, "libtorch.so"));
        var (binding, isPatched) = LoadBinding(LibtorchLocator.FindBinding());

        // The names are known to the loader from here on, so this finds them whatever folder they came from.
        torch.InitializeDeviceType(DeviceType.CPU);
        return new LibtorchInstallation(version, folder, binding, isPatched, hasCuda);
    }

    [SupportedOSPlatform("linux")]
    private static (string Path, bool IsPatched) LoadBinding(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return (path, false);
        }
        catch (DllNotFoundException exception) when (exception.Message.Contains(MissingVersion, StringComparison.Ordinal))
        {
            var patched = PrivateLibraryCache.OfUser().StorePatched(path);
            LoadFile(patched);
            return (patched, true);
        }
        catch (DllNotFoundException exception)
        {
            throw LoaderRefused(path, exception);
        }
    }

    [SupportedOSPlatform("linux")]
    private static string StorePatched(this PrivateLibraryCache cache, string path)
    {
        var original = File.ReadAllBytes(path);
        try
        {
            var patched = ElfSymbolVersion.MakeWeak(original, "libstdc++.so.6", MissingVersion, "_ZSt21ios_base_library_initv");
            return cache.Store(Path.GetFileName(path), original, patched);
        }
        catch (InvalidDataException exception)
        {
            throw new LibtorchUnavailableException(
                $"'{path}' needs {MissingVersion}, which this machine's libstdc++ lacks, and cannot be adapted: {exception.Message}.",
                "Install a libstdc++ of GCC 13.2 or newer, or restore the package torchsharp anew.",
                exception);
        }
    }

    private static nint LoadFile(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw LoaderRefused(path, exception);
        }
    }

    private static LibtorchUnavailableException LoaderRefused(string path, Exception exception) =>
        new(
            $"The loader refused '{path}': {exception.Message.ReplaceLineEndings(" ").Trim()}",
            "Restore the packages anew if the file is damaged; 'sequence doctor' reports on this machine's libraries.",
            exception);

    private static unsafe string VersionOf(nint library)
    {
        // libtorch's stable interface packs its version as major, minor and patch in the top three bytes.
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var export))
        {
            return "of unknown version";
        }

        var version = ((delegate* unmanaged<ulong>)export)();
        return $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}";
    }
}
