using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using TorchSharp;

namespace Sequence.Torch;

/// <summary>
/// Makes libtorch ready: loads it where the plain load would fail, tunes the allocator, sets the threads. Runs by itself
/// when the first type of this assembly is used; calling it again does nothing.
/// </summary>
/// <remarks>
/// It must come before the first touch of any <c>torch</c> member: a load that TorchSharp tries by itself and that fails
/// copies 480 MB of natives into the application's folder before it throws.
/// </remarks>
public static partial class LibtorchBootstrap
{
    private const string NeededVersion = "GLIBCXX_3.4.32";
    private const int MmapThreshold = -3;
    private const int MmapThresholdBytes = 64 * 1024;

    private static readonly Lazy<LibtorchLocation> Location = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads libtorch unless that has been done.</summary>
    /// <returns>What was loaded from where.</returns>
    /// <exception cref="LibtorchUnavailableException">It cannot be loaded; says why and what to do.</exception>
    public static LibtorchLocation Initialise() => Location.Value;

    // A throwing module initialiser would hide its reason in a TypeInitializationException: the failure is kept by the
    // Lazy and thrown, typed, by the first explicit Initialise.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "libtorch must be loaded before any torch member is touched.")]
    internal static void InitialiseQuietly()
    {
        try
        {
            Initialise();
        }
        catch (LibtorchUnavailableException)
        {
        }
    }

    private static LibtorchLocation Load()
    {
        try
        {
            var location = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
                ? LoadOnLinux()
                : new LibtorchLocation("TorchSharp's own search", IsPatched: false);
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            torch.set_num_interop_threads(1);
            return location;
        }
        catch (Exception error) when (error is not LibtorchUnavailableException)
        {
            throw new LibtorchUnavailableException(
                $"libtorch cannot be loaded on {RuntimeInformation.RuntimeIdentifier}: {FirstLine(error)} Sequence trains on " +
                "linux-x64; serving with Sequence.Streaming needs no libtorch.",
                error);
        }
    }

    [SupportedOSPlatform("linux")]
    private static LibtorchLocation LoadOnLinux()
    {
        // libtorch's small blocks come and go with finalizers; without this the heap fragments and grows with every step.
        TuneAllocator();
        var folder = NativeFolders.Libtorch();
        string[] libraries = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];
        foreach (var library in libraries.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            NativeLibrary.Load(library);
        }

        var binding = NativeFolders.Binding();
        if (NativeLibrary.TryLoad(binding, out _))
        {
            return new(folder, IsPatched: false);
        }

        NativeLibrary.Load(PatchedCopy(binding));
        return new(folder, IsPatched: true);
    }

    [SupportedOSPlatform("linux")]
    private static string PatchedCopy(string binding)
    {
        var bytes = File.ReadAllBytes(binding);
        var name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(bytes))}.so";
        if (NeededVersionPatch.Apply(bytes, NeededVersion) == 0)
        {
            // The version is not what keeps it from loading: let the loader say what is.
            NativeLibrary.Load(binding);
        }

        return PrivateCache.Store(PrivateCache.Folder, name, bytes);
    }

    private static void TuneAllocator()
    {
        try
        {
            _ = MallOpt(MmapThreshold, MmapThresholdBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc: its allocator has no such setting and does not need it.
        }
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].Trim();

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallOpt(int parameter, int value);
}
