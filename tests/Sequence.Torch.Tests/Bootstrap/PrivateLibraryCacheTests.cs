using System.Runtime.Versioning;
using System.Text;

namespace Sequence.Torch.Tests.Bootstrap;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class PrivateLibraryCacheTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly byte[] Original = Encoding.UTF8.GetBytes("original");
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("patched!");

    private readonly string _root = Directory.CreateTempSubdirectory("sequence-cache-").FullName;

    private string Folder => Path.Combine(_root, "sequence", "libtorch");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void Store_NewCache_WritesPrivateFileNamedByHash()
    {
        var path = Store();

        // sha256 of "original", from sha256sum.
        Assert.AreEqual(
            Path.Combine(Folder, "lib-0682c5f2076f099c34cfdd15a9e063849ed437a49677e6fcc5b4198c76575be5.so"),
            path,
            StringComparer.Ordinal);
        CollectionAssert.AreEqual(Content, File.ReadAllBytes(path));
        Assert.AreEqual(OwnerOnly, File.GetUnixFileMode(Folder));
        Assert.AreEqual(OwnerOnly, File.GetUnixFileMode(path));
        Assert.HasCount(1, Directory.GetFileSystemEntries(Folder));
    }

    [TestMethod]
    public void Store_SecondTime_KeepsTheFile()
    {
        var path = Store();
        var written = File.GetLastWriteTimeUtc(path).AddDays(-1);
        File.SetLastWriteTimeUtc(path, written);

        Assert.AreEqual(path, Store(), StringComparer.Ordinal);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(path));
    }

    [TestMethod]
    [DataRow("tampered")]
    [DataRow("")]
    [DataRow("patched! and more")]
    public void Store_FileTampered_IsReplaced(string text)
    {
        var path = Store();
        File.WriteAllText(path, text);

        Assert.AreEqual(path, Store(), StringComparer.Ordinal);
        CollectionAssert.AreEqual(Content, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Store_FileIsLinkToSameContent_IsReplacedByAFile()
    {
        var path = Store();
        var elsewhere = Path.Combine(_root, "elsewhere");
        File.WriteAllBytes(elsewhere, Content);
        File.Delete(path);
        File.CreateSymbolicLink(path, elsewhere);

        Store();

        Assert.IsNull(new FileInfo(path).LinkTarget);
        CollectionAssert.AreEqual(Content, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Store_FileWritableByOthers_IsReplaced()
    {
        var path = Store();
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.OtherWrite);

        Store();

        Assert.AreEqual(OwnerOnly, File.GetUnixFileMode(path));
    }

    [TestMethod]
    [DataRow("sequence/libtorch", UnixFileMode.GroupWrite)]
    [DataRow("sequence/libtorch", UnixFileMode.OtherRead)]
    [DataRow("sequence", UnixFileMode.GroupWrite)]
    [DataRow("sequence", UnixFileMode.OtherWrite)]
    public void Store_FolderOpenToOthers_Throws(string folder, UnixFileMode extra)
    {
        Store();
        File.SetUnixFileMode(Path.Combine(_root, folder), OwnerOnly | extra);

        var exception = Assert.ThrowsExactly<LibtorchUnavailableException>(Store);

        StringAssert.Contains(exception.Cause, "open to other users", StringComparison.Ordinal);
        StringAssert.Contains(exception.Remedy, "XDG_CACHE_HOME", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Store_FolderIsLink_Throws()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_root, "elsewhere"), OwnerOnly).FullName;
        Directory.CreateDirectory(Path.Combine(_root, "sequence"), OwnerOnly);
        Directory.CreateSymbolicLink(Folder, elsewhere);

        Assert.ThrowsExactly<LibtorchUnavailableException>(Store);
        Assert.IsEmpty(Directory.GetFileSystemEntries(elsewhere));
    }

    [TestMethod]
    public void Store_FolderCannotBeMade_ThrowsTyped()
    {
        File.WriteAllText(Path.Combine(_root, "sequence"), "a file in the way");

        Assert.ThrowsExactly<LibtorchUnavailableException>(Store);
    }

    [TestMethod]
    public void Store_ManyAtOnce_AllSeeTheWholeFile()
    {
        var content = new byte[1 << 20];
        content.AsSpan().Fill(7);

        Parallel.For(0, 16, _ =>
        {
            var path = new PrivateLibraryCache(_root).Store("lib.so", Original, content);
            CollectionAssert.AreEqual(content, File.ReadAllBytes(path));
        });

        Assert.HasCount(1, Directory.GetFileSystemEntries(Folder));
    }

    private string Store() => new PrivateLibraryCache(_root).Store("lib.so", Original, Content);
}
