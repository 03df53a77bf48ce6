using System.IO.Compression;
using System.Security.Cryptography;

namespace Sequence.Datasets.Tests.Catalogue;

[TestClass]
public sealed class DatasetCatalogueTests
{
    [TestMethod]
    public void Entries_All_AreComplete()
    {
        Assert.HasCount(24, DatasetCatalogue.All);
        Assert.HasCount(DatasetCatalogue.All.Count, DatasetCatalogue.All.Select(entry => entry.Name).Distinct().ToArray());
        foreach (var entry in DatasetCatalogue.All)
        {
            Assert.MatchesRegex("^[a-z0-9]+(-[a-z0-9]+)*$", entry.Name);
            Assert.IsFalse(string.IsNullOrWhiteSpace(entry.Description) || string.IsNullOrWhiteSpace(entry.Citation), entry.Name);
            Assert.HasCount(entry.Files.Count, entry.Files.Select(file => file.Path).Distinct().ToArray());
            foreach (var file in entry.Files)
            {
                Assert.AreEqual(file.Path, Path.GetFileName(file.Path));
                Assert.IsFalse(string.IsNullOrWhiteSpace(file.Licence) || string.IsNullOrWhiteSpace(file.Source), file.Path);
                Assert.MatchesRegex("^[0-9a-f]{64}$", file.Sha256);
                Assert.MatchesRegex("^[0-9a-f]{64}$", file.Mirror.Sha256);
                Assert.IsTrue(file.Bytes > 0 && file.Mirror.Bytes > 0 && file.Rows > 0, file.Path);
                Assert.StartsWith(entry.Name.Replace('-', '_') + "/", file.Mirror.Location);
                if (file.Original is { } original)
                {
                    Assert.StartsWith("https://", original.Location);
                    Assert.IsTrue(original.IsGzip || string.Equals(original.Sha256, file.Sha256, StringComparison.Ordinal));
                }
            }
        }
    }

    [TestMethod]
    public async Task Entries_OfTheMirror_MatchInLengthAndDigest()
    {
        var mirror = MirrorFolder.Require();
        var seen = 0;
        foreach (var file in DatasetCatalogue.All.SelectMany(entry => entry.Files))
        {
            var path = Path.Combine(mirror, file.Mirror.Location);
            if (!File.Exists(path))
            {
                continue;
            }

            seen++;
            await CheckAsync(path, decompress: false, file.Mirror.Bytes, file.Mirror.Sha256);
            await CheckAsync(path, file.Mirror.IsGzip, file.Bytes, file.Sha256);
        }

        Assert.IsGreaterThan(0, seen);
    }

    [TestMethod]
    public void Hints_OfTheMirror_NameColumnsOfTheHeader()
    {
        var mirror = MirrorFolder.Require();
        var hinted = DatasetCatalogue.All.SelectMany(entry => entry.Files).Where(file => file.Target is not null).ToArray();
        Assert.IsGreaterThan(30, hinted.Length);
        foreach (var file in hinted)
        {
            using var stream = File.OpenRead(Path.Combine(mirror, file.Mirror.Location));
            using var reader = new StreamReader(file.Mirror.IsGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream);
            var header = reader.ReadLine()!.Split(',').Select(name => name.Trim('"')).ToArray();
            Assert.Contains(file.Target, header, file.Path);
            Assert.IsTrue(file.Timestamp is null || header.Contains(file.Timestamp), file.Path);
        }
    }

    [TestMethod]
    [DataRow("ETT")]
    [DataRow("exchange_rate")]
    [DataRow("exchange-rate")]
    public void Get_OfAKnownName_IgnoresCaseAndUnderscore(string name) =>
        Assert.AreEqual(name.ToLowerInvariant().Replace('_', '-'), DatasetCatalogue.Get(name).Name);

    [TestMethod]
    public void Get_OfOneFile_CutsTheDatasetDown() =>
        Assert.AreEqual("GOOG.csv", DatasetCatalogue.Get("stocks/goog.csv").Files.Single().Path);

    [TestMethod]
    [DataRow("stoks", "stocks")]
    [DataRow("physionet", "physionet2012")]
    [DataRow("minst", "mnist")]
    public void Get_OfAMisspeltName_NamesTheNearest(string wrong, string near) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ConfigurationException>(() => DatasetCatalogue.Get(wrong)).Message, $"Near to it: {near}");

    [TestMethod]
    public void Get_OfAnUnknownFile_ListsTheFiles() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ConfigurationException>(() => DatasetCatalogue.Get("ett/ETTm1.csv")).Message, "ETTh1.csv, ETTh2.csv");

    private static async Task CheckAsync(string path, bool decompress, long bytes, string sha256)
    {
        await using var stream = File.OpenRead(path);
        await using var content = decompress ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long total = 0;
        for (int read; (read = await content.ReadAsync(buffer)) > 0; total += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        Assert.AreEqual(bytes, total, path);
        Assert.AreEqual(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()), path);
    }
}
