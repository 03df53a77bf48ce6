using System.Diagnostics;
using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Bootstrap;

[TestClass]
public sealed class LibtorchBootstrapTests
{
    [TestMethod]
    public void Initialise_ThisMachine_TensorOperationsWork()
    {
        var installation = LibtorchBootstrap.Initialise();

        using var left = tensor(new[] { 1f, 2f, 3f, 4f }).reshape(2, 2);
        using var product = left.mm(left);

        Assert.AreEqual(LibtorchBootstrap.LibtorchVersion, installation.Version, StringComparer.Ordinal);
        CollectionAssert.AreEqual(new[] { 7f, 10f, 15f, 22f }, product.data<float>().ToArray());
    }

    [TestMethod]
    public void Initialise_TorchSharpVersion_IsTheOneReferenced()
    {
        var version = typeof(TorchSharp.torch).Assembly.GetName().Version!;

        Assert.AreEqual(LibtorchBootstrap.TorchSharpVersion, version.ToString(3), StringComparer.Ordinal);
    }

    [TestMethod]
    public void Initialise_FromManyThreads_GivesOneInstallation()
    {
        var found = new LibtorchInstallation[16];

        Parallel.For(0, found.Length, i => found[i] = LibtorchBootstrap.Initialise());

        foreach (var installation in found)
        {
            Assert.AreSame(found[0], installation);
        }
    }

    [TestMethod]
    public void Initialise_NothingCopied_OutputHoldsNoLibtorch()
    {
        _ = LibtorchBootstrap.Initialise();

        Assert.IsEmpty(Directory.GetFiles(AppContext.BaseDirectory, "libtorch_cpu*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Initialise_CacheTampered_IsMendedInANewProcess()
    {
        var name = Path.GetFileName(PatchedBinding());
        using var cache = new TemporaryFolder();
        RunInNewProcess(nameof(Initialise_ThisMachine_TensorOperationsWork), ("XDG_CACHE_HOME", cache.Path));
        var file = Path.Combine(cache.Path, "sequence", "libtorch", name);
        var good = File.ReadAllBytes(file);
        File.WriteAllText(file, "not a library");

        var (exitCode, output) = RunInNewProcess(nameof(Initialise_ThisMachine_TensorOperationsWork), ("XDG_CACHE_HOME", cache.Path));

        Assert.AreEqual(0, exitCode, output);
        CollectionAssert.AreEqual(good, File.ReadAllBytes(file));
    }

    [TestMethod]
    public void Initialise_CacheOpenToOthers_ThrowsTypedInANewProcess()
    {
        _ = PatchedBinding();
        using var cache = new TemporaryFolder();
        var folder = Directory.CreateDirectory(Path.Combine(cache.Path, "sequence", "libtorch")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupWrite);
        }

        var (exitCode, output) = RunInNewProcess(nameof(Initialise_ThisMachine_TensorOperationsWork), ("XDG_CACHE_HOME", cache.Path));

        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(output, $"{nameof(LibtorchUnavailableException)}: The library cache '{folder}' is open to other users", StringComparison.Ordinal);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder));
    }

    [TestMethod]
    public void Initialise_NamedFolderHoldsNoLibtorch_ThrowsTypedInANewProcess()
    {
        using var empty = new TemporaryFolder();

        var (exitCode, output) = RunInNewProcess(nameof(Initialise_ThisMachine_TensorOperationsWork), (LibtorchLocator.FolderVariable, empty.Path));

        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(output, $"{nameof(LibtorchUnavailableException)}: SEQUENCE_LIBTORCH names '{empty.Path}'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Initialise_NamedFolderHoldsLibtorch_IsUsed()
    {
        var folder = LibtorchBootstrap.Initialise().LibraryPath!;

        var (exitCode, output) = RunInNewProcess(nameof(Initialise_ThisMachine_TensorOperationsWork), (LibtorchLocator.FolderVariable, folder));

        Assert.AreEqual(0, exitCode, output);
    }

    private static string PatchedBinding()
    {
        var installation = LibtorchBootstrap.Initialise();
        if (!installation.IsPatched)
        {
            Assert.Inconclusive("This machine's libstdc++ is new enough, so nothing is patched here.");
        }

        return installation.BindingPath!;
    }

    private static (int ExitCode, string Output) RunInNewProcess(string test, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [variable.Name] = variable.Value },
        };
        string[] arguments =
        [
            typeof(LibtorchBootstrapTests).Assembly.Location,
            "--filter", $"FullyQualifiedName~{nameof(LibtorchBootstrapTests)}.{test}",
            "--results-directory", Path.GetTempPath(),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sequence-bootstrap-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
