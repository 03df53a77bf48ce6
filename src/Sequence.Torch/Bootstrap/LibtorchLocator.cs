namespace Sequence.Torch;

/// <summary>Finds the folders that hold libtorch and TorchSharp's native binding on Linux x64, without loading anything.</summary>
internal static class LibtorchLocator
{
    internal const string FolderVariable = "SEQUENCE_LIBTORCH";
    internal const string BindingFile = "libLibTorchSharp.so";
    internal const string CpuFile = "libtorch_cpu.so";
    private const string RuntimeIdentifier = "linux-x64";

    /// <summary>The folder of libtorch: the one SEQUENCE_LIBTORCH names, else the first of the usual places that has it.</summary>
    internal static string FindLibrary()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(named))
        {
            // The archives of libtorch keep the libraries in lib/, so the folder above is accepted as well.
            string[] places = [named, Path.Combine(named, "lib")];
            return places.FirstOrDefault(place => File.Exists(Path.Combine(place, CpuFile)))
                ?? throw new LibtorchUnavailableException(
                    $"{FolderVariable} names '{named}', which holds no {CpuFile}.",
                    $"Set it to the lib folder of libtorch {LibtorchBootstrap.LibtorchVersion}, or unset it to use the CPU package.");
        }

        return FindFolder(CpuFile, "libtorch-cpu-linux-x64", LibtorchBootstrap.LibtorchVersion);
    }

    /// <summary>The path of TorchSharp's native binding.</summary>
    internal static string FindBinding() =>
        Path.Combine(FindFolder(BindingFile, "torchsharp", LibtorchBootstrap.TorchSharpVersion), BindingFile);

    private static string FindFolder(string file, string package, string version)
    {
        var folders = SearchFolders(package, version).ToList();
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, file)))
            ?? throw new LibtorchUnavailableException(
                $"{file} was not found; searched {string.Join(", ", folders)}.",
                $"Run 'dotnet restore' so that the package {package} {version} is in the package cache, publish the application for {RuntimeIdentifier}, or set {FolderVariable} to a folder with libtorch {LibtorchBootstrap.LibtorchVersion}.");
    }

    private static IEnumerable<string> SearchFolders(string package, string version)
    {
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeIdentifier, "native");

        var hostFolders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in hostFolders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }

        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        if (string.IsNullOrEmpty(packages))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            packages = Path.Combine(home, ".nuget", "packages");
        }

        yield return Path.Combine(packages, package, version, "runtimes", RuntimeIdentifier, "native");
    }
}
