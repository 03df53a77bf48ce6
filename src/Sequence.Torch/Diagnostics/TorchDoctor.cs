using System.ComponentModel;
using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Sequence.Torch;

/// <summary>Checks what this machine offers for training and serving. Works where libtorch does not.</summary>
public static class TorchDoctor
{
    private const long Gibibyte = 1L << 30;
    private const long MemoryWanted = 2 * Gibibyte;
    private const long DiskWanted = 2 * Gibibyte;
    private const int NewestVersionNeeded = 32;

    /// <summary>Runs every check.</summary>
    /// <param name="folder">The folder whose disk is to hold checkpoints and reports.</param>
    /// <returns>One finding a check, in a fixed order. A check that itself fails is a finding too; nothing is thrown.</returns>
    public static IReadOnlyList<DoctorFinding> Examine(string folder) =>
    [
        Check(".NET SDK", ExamineSdk),
        Check(".NET runtime", ExamineRuntime),
        Check("platform", ExaminePlatform),
        Check("instruction sets", ExamineInstructionSets),
        Check("memory", ExamineMemory),
        Check("disk", name => ExamineDisk(name, folder)),
        Check("garbage collector", ExamineCollector),
        Check("libstdc++", ExamineStandardLibrary),
        Check("libtorch", ExamineLibtorch),
        Check("CUDA", ExamineCuda),
    ];

    private static DoctorFinding Check(string name, Func<string, DoctorFinding> check)
    {
        try
        {
            return check(name);
        }
        catch (Exception exception)
        {
            return new(name, DoctorVerdict.Warning, $"could not be checked: {exception.Message}", "Check it by hand.");
        }
    }

    private static DoctorFinding ExamineSdk(string name)
    {
        const string Remedy = "Only building needs it: install the .NET 10 SDK from https://dotnet.microsoft.com/download.";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            })!;
            var answer = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                process.Kill();
                return new(name, DoctorVerdict.Warning, "'dotnet --version' does not answer", Remedy);
            }

            var version = answer.GetAwaiter().GetResult().Trim();
            return process.ExitCode == 0 && Version.TryParse(version.Split('-')[0], out var parsed) && parsed.Major >= 10
                ? new(name, DoctorVerdict.Ok, version)
                : new(name, DoctorVerdict.Warning, version.Length > 0 ? version : "none", Remedy);
        }
        catch (Win32Exception)
        {
            return new(name, DoctorVerdict.Warning, "no 'dotnet' on the path", Remedy);
        }
    }

    private static DoctorFinding ExamineRuntime(string name) =>
        new(name, DoctorVerdict.Ok, RuntimeInformation.FrameworkDescription);

    private static DoctorFinding ExaminePlatform(string name)
    {
        var found = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors";
        return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? new(name, DoctorVerdict.Ok, found)
            : new(name, DoctorVerdict.Warning, found, "Training is supported on Linux x64; serving from a checkpoint works everywhere.");
    }

    private static DoctorFinding ExamineInstructionSets(string name)
    {
        (string Name, bool Supported)[] sets =
        [
            ("AVX-512", Avx512F.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("NEON", AdvSimd.IsSupported),
        ];
        var found = string.Join(", ", sets.Where(set => set.Supported).Select(set => set.Name));
        return Avx2.IsSupported || AdvSimd.IsSupported
            ? new(name, DoctorVerdict.Ok, found)
            : new(name, DoctorVerdict.Warning, found.Length > 0 ? found : "no wide vectors", "Everything works, slowly; use a processor with AVX2 or NEON.");
    }

    private static DoctorFinding ExamineMemory(string name)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var found = $"{(double)available / Gibibyte:F1} GiB for this process";
        return available >= MemoryWanted
            ? new(name, DoctorVerdict.Ok, found)
            : new(name, DoctorVerdict.Warning, found, $"Training wants {MemoryWanted / Gibibyte} GiB; raise the container's limit or use smaller batches.");
    }

    private static DoctorFinding ExamineDisk(string name, string folder)
    {
        var path = Path.GetFullPath(folder);
        if (!Directory.Exists(path))
        {
            return new(name, DoctorVerdict.Failure, $"'{path}' does not exist", "Create it or name another folder.");
        }

        var free = new DriveInfo(path).AvailableFreeSpace;
        var found = $"{(double)free / Gibibyte:F1} GiB free at '{path}'";
        return free >= DiskWanted
            ? new(name, DoctorVerdict.Ok, found)
            : new(name, DoctorVerdict.Warning, found, $"libtorch and checkpoints want {DiskWanted / Gibibyte} GiB; free some space.");
    }

    private static DoctorFinding ExamineCollector(string name) =>
        GCSettings.LatencyMode == GCLatencyMode.Batch
            ? new(name, DoctorVerdict.Ok, "concurrent collection is off")
            : new(
                name,
                DoctorVerdict.Warning,
                "concurrent collection is on, under which TorchSharp's scalars can end the process",
                "Set <ConcurrentGarbageCollection>false</ConcurrentGarbageCollection> in the project, or DOTNET_gcConcurrent=0.");

    private static DoctorFinding ExamineStandardLibrary(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(name, DoctorVerdict.Ok, "not used on this platform");
        }

        // The runtime itself is linked against it, so the one in use is mapped here.
        var path = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith("libstdc++.so", StringComparison.Ordinal));
        if (path is null)
        {
            return new(name, DoctorVerdict.Failure, "not loaded", "Install it: apt install libstdc++6.");
        }

        var newest = NewestVersion(File.ReadAllBytes(path));
        var found = $"GLIBCXX_3.4.{newest} ({path})";
        return newest >= NewestVersionNeeded
            ? new(name, DoctorVerdict.Ok, found)
            : new(name, DoctorVerdict.Ok, $"{found}; older than TorchSharp asks for, so an adapted copy of its binding is used");
    }

    private static int NewestVersion(ReadOnlySpan<byte> library)
    {
        var mark = "GLIBCXX_3.4."u8;
        var newest = 0;
        for (var at = library.IndexOf(mark); at >= 0; at = library.IndexOf(mark))
        {
            library = library[(at + mark.Length)..];
            var version = 0;
            for (var i = 0; i < Math.Min(3, library.Length) && char.IsAsciiDigit((char)library[i]); i++)
            {
                version = (10 * version) + library[i] - '0';
            }

            newest = Math.Max(newest, version);
        }

        return newest;
    }

    private static DoctorFinding ExamineLibtorch(string name) =>
        LibtorchBootstrap.TryInitialise(out var failure) is { } installation
            ? new(
                name,
                DoctorVerdict.Ok,
                $"{installation.Version} from {installation.LibraryPath ?? "the system's search path"}, binding {installation.BindingPath ?? "from there too"}{(installation.IsPatched ? " (adapted)" : "")}")
            : new(name, DoctorVerdict.Failure, failure!.Cause, failure.Remedy);

    private static DoctorFinding ExamineCuda(string name)
    {
        if (LibtorchBootstrap.TryInitialise(out _) is not { HasCuda: true })
        {
            return new(
                name,
                DoctorVerdict.Ok,
                "not in use; the CPU is",
                $"To use a GPU, set SEQUENCE_LIBTORCH to the lib folder of a CUDA build of libtorch {LibtorchBootstrap.LibtorchVersion}.");
        }

        return torch.cuda.is_available()
            ? new(name, DoctorVerdict.Ok, $"{torch.cuda.device_count()} devices")
            : new(name, DoctorVerdict.Warning, "libtorch has CUDA, but no device answers", "Install the NVIDIA driver, or make the device visible to this container.");
    }
}
