namespace Sequence.Torch;

/// <summary>Where natives may be: the folder asked for, the application's, the host's, and the package cache.</summary>
internal static class NativeFolders
{
    /// <summary>Environment variable that names a libtorch from elsewhere.</summary>
    public const string Variable = "SEQUENCE_LIBTORCH";

    private const string LibtorchPackage = "libtorch-cpu-linux-x64/2.10.0";
    private const string BindingPackage = "torchsharp/0.107.0";
    private const string NativeFolder = "runtimes/linux-x64/native";

    /// <summary>The first folder that holds libtorch.</summary>
    /// <exception cref="LibtorchUnavailableException">None does, or the folder asked for does not.</exception>
    public static string Libtorch()
    {
        const string Library = "libtorch_cpu.so";
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return File.Exists(Path.Combine(chosen, Library))
                ? chosen
                : throw new LibtorchUnavailableException(
                    $"{Variable} names {chosen}, but there is no {Library} in it. Point it at the lib folder of libtorch " +
                    "2.10.0, or unset it.");
        }

        return Find(Library, LibtorchPackage) ?? throw new LibtorchUnavailableException(
            $"{Library} was not found beside the application ({AppContext.BaseDirectory}) nor in the package cache " +
            $"({PackageCache}). Reference the package libtorch-cpu-linux-x64 2.10.0 and restore, or name a folder with " +
            $"libtorch 2.10.0 in {Variable}.");
    }

    /// <summary>TorchSharp's native half.</summary>
    /// <exception cref="LibtorchUnavailableException">It is nowhere.</exception>
    public static string Binding()
    {
        const string Library = "libLibTorchSharp.so";
        var folder = Find(Library, BindingPackage) ?? throw new LibtorchUnavailableException(
            $"{Library} was not found beside the application ({AppContext.BaseDirectory}) nor in the package cache " +
            $"({PackageCache}). Restore the package TorchSharp 0.107.0.");
        return Path.Combine(folder, Library);
    }

    private static string PackageCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string? Find(string library, string package)
    {
        IEnumerable<string> folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, NativeFolder),
            .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Path.Combine(PackageCache, package, NativeFolder),
        ];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, library)));
    }
}
