using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets.Tests.Fetching;

[TestClass]
public sealed class DatasetFetcherTests : IDisposable
{
    private const string Address = "https://data.example/series.csv";

    private static readonly byte[] Content = Encoding.UTF8.GetBytes("date,value\n2020-01-01,1\n2020-01-02,2\n");

    private readonly TemporaryFolder _mirror = new();
    private readonly TemporaryFolder _target = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose()
    {
        _mirror.Dispose();
        _target.Dispose();
    }

    [TestMethod]
    public async Task Fetch_OfACompressedMirrorFile_LeavesTheVerifiedContent()
    {
        var fetched = await FetchAsync(Mirrored(Gzip(Content), "series.csv.gz", "series.csv"));
        Assert.AreEqual(FetchOrigin.Mirror, fetched.Single().Origin);
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(_target["series.csv"]));
        CollectionAssert.AreEqual(new[] { "series.csv" }, _target.Names());
    }

    [TestMethod]
    public async Task Fetch_Again_KeepsTheFile()
    {
        var dataset = Mirrored(Content, "series.csv", "series.csv");
        await FetchAsync(dataset);
        File.Delete(_mirror["set/series.csv"]);
        Assert.AreEqual(FetchOrigin.Kept, (await FetchAsync(dataset)).Single().Origin);
    }

    [TestMethod]
    public async Task Fetch_OverAWrongFile_ReplacesIt()
    {
        await File.WriteAllTextAsync(_target["series.csv"], new string('x', Content.Length));
        await FetchAsync(Mirrored(Content, "series.csv", "series.csv"));
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(_target["series.csv"]));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Fetch_OfAMirrorFileWithAFlippedByte_NamesBothDigestsAndWritesNothing(bool compressed)
    {
        var stored = compressed ? Gzip(Content) : Content.ToArray();
        var dataset = Mirrored(stored, compressed ? "series.csv.gz" : "series.csv", "series.csv");
        var damaged = stored.ToArray();
        damaged[^3] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(_mirror.Path, dataset.Files[0].Mirror.Location), damaged);

        var error = await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(dataset));
        StringAssert.Contains(error.Message, dataset.Files[0].Mirror.Sha256);
        StringAssert.Contains(error.Message, Digest(damaged));
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_OfAMirrorFileCutAnywhere_WritesNothing()
    {
        var stored = Gzip(Content);
        var dataset = Mirrored(stored, "series.csv.gz", "series.csv");
        for (var length = 0; length < stored.Length; length++)
        {
            await File.WriteAllBytesAsync(_mirror["set/series.csv.gz"], stored[..length]);
            await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(dataset));
            Assert.IsEmpty(_target.Names());
        }
    }

    [TestMethod]
    public async Task Fetch_OfALongerMirrorFile_IsRefused()
    {
        var dataset = Mirrored(Content, "series.csv", "series.csv");
        await File.AppendAllTextAsync(_mirror["set/series.csv"], "more");
        var error = await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(dataset));
        StringAssert.Contains(error.Message, "longer than");
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_WithoutMirror_DownloadsTheOriginal()
    {
        var dataset = OnTheWeb(Content);
        using var http = new HttpClient(new Answer(_ => Response(Content)));
        var fetched = await new DatasetFetcher(http, mirror: "").FetchAsync(dataset, _target.Path);
        Assert.AreEqual(FetchOrigin.Web, fetched.Single().Origin);
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(_target["series.csv"]));
    }

    [TestMethod]
    public async Task Fetch_OfAnEndlessAnswer_StopsAtTheCataloguedLength()
    {
        using var http = new HttpClient(new Answer(_ => new HttpResponseMessage { Content = new StreamContent(new Endless()) }));
        var fetcher = new DatasetFetcher(http, mirror: "");
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => fetcher.FetchAsync(OnTheWeb(Content), _target.Path));
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_WithoutNetwork_SaysHowToUseAMirror()
    {
        using var http = new HttpClient(new Answer(_ => throw new HttpRequestException("Name or service not known")));
        var fetcher = new DatasetFetcher(http, mirror: "");
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => fetcher.FetchAsync(OnTheWeb(Content), _target.Path));
        StringAssert.Contains(error.Message, "--mirror");
        StringAssert.Contains(error.Message, DatasetFetcher.MirrorVariable);
        StringAssert.Contains(error.Message, "set/series.csv");
    }

    [TestMethod]
    public async Task Fetch_OfAMissingPage_NamesTheStatus()
    {
        using var http = new HttpClient(new Answer(_ => new HttpResponseMessage(HttpStatusCode.NotFound)));
        var fetcher = new DatasetFetcher(http, mirror: "");
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => fetcher.FetchAsync(OnTheWeb(Content), _target.Path));
        StringAssert.Contains(error.Message, "404");
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_OfABrokenConnection_SaysSoAndWritesNothing()
    {
        using var http = new HttpClient(new Answer(_ => new HttpResponseMessage { Content = new StreamContent(new Broken()) }));
        var fetcher = new DatasetFetcher(http, mirror: "");
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => fetcher.FetchAsync(OnTheWeb(Content), _target.Path));
        StringAssert.Contains(error.Message, "half way: connection reset");
        StringAssert.Contains(error.Message, Address);
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_OfAnOriginalCompressedOtherwise_LeavesTheSameContent()
    {
        var packed = Gzip(Content);
        var source = new DatasetSource(Address + ".gz", packed.Length, Digest(packed));
        var dataset = OnTheWeb(Content);
        dataset = dataset with { Files = [dataset.Files[0] with { Original = source }] };
        using var http = new HttpClient(new Answer(_ => Response(packed)));
        await new DatasetFetcher(http, mirror: "").FetchAsync(dataset, _target.Path, null, TestContext.CancellationToken);
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(_target["series.csv"]));
    }

    [TestMethod]
    public async Task Fetch_OfASilentServer_EndsAtTheTimeout()
    {
        using var http = new HttpClient(new Answer(_ => new HttpResponseMessage { Content = new StreamContent(new Silent()) }));
        var fetcher = new DatasetFetcher(http, mirror: "", TimeSpan.FromMilliseconds(50));
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => fetcher.FetchAsync(OnTheWeb(Content), _target.Path));
        StringAssert.Contains(error.Message, "not done within");
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_Cancelled_WritesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        using var http = new HttpClient(new Answer(_ =>
        {
            cancellation.Cancel();
            return new HttpResponseMessage { Content = new StreamContent(new Silent()) };
        }));
        var fetcher = new DatasetFetcher(http, mirror: "");
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => fetcher.FetchAsync(OnTheWeb(Content), _target.Path, null, cancellation.Token));
        Assert.IsEmpty(_target.Names());
    }

    [TestMethod]
    public async Task Fetch_OfAMirrorOnlyFileWithoutMirror_SaysSo()
    {
        var dataset = Mirrored(Content, "series.csv", "series.csv");
        using var http = new HttpClient(new Answer(_ => throw new InvalidOperationException("The web must not be asked.")));
        var fetcher = new DatasetFetcher(http, mirror: "");
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => fetcher.FetchAsync(dataset, _target.Path));
        StringAssert.Contains(error.Message, "only be had from a mirror");
    }

    [TestMethod]
    public async Task Fetch_ToAFolderThatIsAFile_IsAClearError()
    {
        var dataset = Mirrored(Content, "series.csv", "series.csv");
        await File.WriteAllTextAsync(_target["file"], "in the way");
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => FetchAsync(dataset, _target["file"]));
        StringAssert.Contains(error.Message, "cannot be written");
    }

    [TestMethod]
    public async Task Fetch_ToAReadOnlyFolder_IsAClearError()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("This account may write to read-only folders.");
            return;
        }

        File.SetUnixFileMode(_target.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(
            () => FetchAsync(Mirrored(Content, "series.csv", "series.csv")));
        StringAssert.Contains(error.Message, "writable");
    }

    [TestMethod]
    public void Fetcher_WithAMirrorThatIsMissing_IsRefused()
    {
        using var http = new HttpClient();
        StringAssert.Contains(
            Assert.ThrowsExactly<ConfigurationException>(() => new DatasetFetcher(http, _mirror["nowhere"])).Message, "nowhere");
    }

    [TestMethod]
    [DataRow("pack.zip")]
    [DataRow("pack.tar.gz")]
    public async Task Fetch_OfAnArchive_UnpacksItOnce(string name)
    {
        var dataset = Mirrored(Pack(name, "inner/a.txt"), name, name);
        var fetched = (await FetchAsync(dataset)).Single();
        Assert.AreEqual(_target["pack"], fetched.Folder);
        Assert.AreEqual("hello", await File.ReadAllTextAsync(Path.Combine(fetched.Folder!, "inner", "a.txt")));

        Directory.Delete(fetched.Folder!, recursive: true);
        Assert.AreEqual(FetchOrigin.Kept, (await FetchAsync(dataset)).Single().Origin);
        Assert.IsTrue(File.Exists(Path.Combine(fetched.Folder!, "inner", "a.txt")));
        CollectionAssert.AreEqual(new[] { "pack", name }, _target.Names());
    }

    [TestMethod]
    [DataRow("pack.zip", "../evil.txt")]
    [DataRow("pack.zip", "a/../../evil.txt")]
    [DataRow("pack.zip", "/tmp/sequence-evil.txt")]
    [DataRow("pack.zip", "..\\evil.txt")]
    [DataRow("pack.zip", "../pack-beside/evil.txt")]
    [DataRow("pack.tar.gz", "../evil.txt")]
    [DataRow("pack.tar.gz", "/tmp/sequence-evil.txt")]
    public async Task Fetch_OfAnArchiveThatLeavesItsFolder_IsRefused(string name, string entry)
    {
        var error = await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(Mirrored(Pack(name, entry), name, name)));
        StringAssert.Contains(error.Message, "outside");
        CollectionAssert.AreEqual(new[] { name }, _target.Names());
        Assert.IsFalse(File.Exists("/tmp/sequence-evil.txt"));
    }

    [TestMethod]
    public async Task Fetch_OfATarWithALink_IsRefused()
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "/etc/passwd" });
        }

        var error = await Assert.ThrowsExactlyAsync<DataFormatException>(
            () => FetchAsync(Mirrored(stream.ToArray(), "pack.tar.gz", "pack.tar.gz")));
        StringAssert.Contains(error.Message, "SymbolicLink");
    }

    [TestMethod]
    public async Task Fetch_OfSomethingThatIsNoArchive_IsRefused()
    {
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(Mirrored(Content, "pack.zip", "pack.zip")));
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => FetchAsync(Mirrored(Content, "pack.tar.gz", "pack.tar.gz")));
    }

    [TestMethod]
    public async Task Fetch_OfRealEntriesFromTheMirror_Stands()
    {
        using var http = new HttpClient(new Answer(_ => throw new InvalidOperationException("The web must not be asked.")));
        var fetcher = new DatasetFetcher(http, MirrorFolder.Require());
        foreach (var name in new[] { "ett", "illness", "stocks/sp500.csv", "stocks-lean/equity_usa_daily_spy.zip" })
        {
            foreach (var file in await fetcher.FetchAsync(DatasetCatalogue.Get(name), _target.Path, null, TestContext.CancellationToken))
            {
                Assert.AreEqual(file.File.Bytes, new FileInfo(file.Path).Length);
            }
        }

        Assert.AreEqual(17421, File.ReadLines(_target["ETTh1.csv"]).Count());
        Assert.AreEqual(5849, File.ReadLines(_target["equity_usa_daily_spy/spy.csv"]).Count());
    }

    private async Task<IReadOnlyList<FetchedFile>> FetchAsync(DatasetEntry dataset, string? target = null)
    {
        using var http = new HttpClient(new Answer(_ => throw new InvalidOperationException("The web must not be asked.")));
        return await new DatasetFetcher(http, _mirror.Path)
            .FetchAsync(dataset, target ?? _target.Path, null, TestContext.CancellationToken);
    }

    private DatasetEntry Mirrored(byte[] stored, string name, string path)
    {
        Directory.CreateDirectory(_mirror["set"]);
        File.WriteAllBytes(_mirror["set/" + name], stored);
        var content = string.Equals(name, path, StringComparison.Ordinal) ? stored : Content;
        return Entry(new(path, content.Length, Digest(content), new("set/" + name, stored.Length, Digest(stored)), null, "a test", "none", 2, ""));
    }

    private static DatasetEntry OnTheWeb(byte[] content)
    {
        var source = new DatasetSource(Address, content.Length, Digest(content));
        return Entry(new(
            "series.csv", content.Length, Digest(content), source with { Location = "set/series.csv" }, source, "a test", "none", 2, ""));
    }

    private static DatasetEntry Entry(DatasetFile file) => new("set", "made for a test", "none", [file]);

    private static HttpResponseMessage Response(byte[] content) => new() { Content = new ByteArrayContent(content) };

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress))
        {
            gzip.Write(content);
        }

        return stream.ToArray();
    }

    private static byte[] Pack(string name, string entry)
    {
        using var stream = new MemoryStream();
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
            writer.Write("hello");
        }
        else
        {
            using var gzip = new GZipStream(stream, CompressionMode.Compress, leaveOpen: true);
            using var tar = new TarWriter(gzip);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, entry)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("hello")),
            });
        }

        return stream.ToArray();
    }

    private sealed class Answer(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }

    private abstract class ReadOnlyStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class Endless : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(buffer.Length);
    }

    private sealed class Broken : ReadOnlyStream
    {
        private bool _started;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_started)
            {
                throw new IOException("connection reset");
            }

            _started = true;
            return ValueTask.FromResult(5);
        }
    }

    private sealed class Silent : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
