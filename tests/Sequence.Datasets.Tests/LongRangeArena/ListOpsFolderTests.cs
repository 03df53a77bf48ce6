using CsCheck;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class ListOpsFolderTests : IDisposable
{
    private static readonly string[] Files = ["basic_test.tsv", "basic_train.tsv", "basic_val.tsv", "manifest.json"];

    private static readonly ListOpsOptions Small =
        new() { ExclusiveMinimumLength = 5, ExclusiveMaximumLength = 60, TrainCount = 1500, ValidationCount = 50, TestCount = 40 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Generate_ThenRead_GivesTheSplitsWithoutDuplicates()
    {
        var manifest = ListOpsFolder.Generate(_folder.Path, Small, seed: 5);
        CollectionAssert.AreEqual(Files, _folder.Names());
        var splits = ListOpsFolder.Read(_folder.Path);
        Assert.AreEqual((1500, 50, 40), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        var all = splits.Train.Concat(splits.Validation).Concat(splits.Test).ToArray();
        Assert.HasCount(1590, all.Select(one => ListOpsTokens.Decode(one.Values.Span)).Distinct(StringComparer.Ordinal).ToArray());
        var expected = new ListOpsGenerator(Small, seed: 5).Generate(1590).ToArray();
        for (var index = 0; index < all.Length; index++)
        {
            CollectionAssert.AreEqual(expected[index].Values.ToArray(), all[index].Values.ToArray());
            Assert.AreEqual(expected[index].Label, all[index].Label);
        }

        var train = File.ReadAllBytes(_folder["basic_train.tsv"]);
        var entry = manifest.Files["basic_train.tsv"];
        Assert.AreEqual((1500, train.Length), (entry.Rows, (int)entry.Bytes));
        Assert.AreEqual(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(train)), entry.Sha256);
        Assert.AreEqual(5UL, ListOpsManifest.Read(_folder.Path)!.Seed);
        Assert.AreEqual(Small, ListOpsManifest.Read(_folder.Path)!.Options);
    }

    [TestMethod]
    public void Generate_WithOneAndThreeThreads_GivesTheSameBytes()
    {
        ListOpsFolder.Generate(_folder["one"], Small, seed: 5, threads: 1);
        ListOpsFolder.Generate(_folder["three"], Small, seed: 5, threads: 3);
        AssertSame(_folder["one"], _folder["three"]);
    }

    [TestMethod]
    public void Generate_ASecondTime_KeepsFinishedFiles()
    {
        ListOpsFolder.Generate(_folder.Path, Small, seed: 5);
        var old = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var name in Files)
        {
            File.SetLastWriteTimeUtc(_folder[name], old);
        }

        ListOpsFolder.Generate(_folder.Path, Small, seed: 5);
        foreach (var name in Files)
        {
            Assert.AreEqual(old, File.GetLastWriteTimeUtc(_folder[name]));
        }
    }

    [TestMethod]
    public void Generate_AfterAStopAtAnyFile_EndsWithTheSameBytes()
    {
        ListOpsFolder.Generate(_folder["whole"], Small, seed: 5);

        // What a stop leaves: finished files are in the manifest, one may lie there without an entry, another not at all.
        var manifest = ListOpsManifest.Read(_folder["whole"])!;
        foreach (var lost in new[] { "basic_train.tsv", "basic_val.tsv", "basic_test.tsv" })
        {
            var folder = _folder["stopped-" + lost];
            Directory.CreateDirectory(folder);
            foreach (var name in Files)
            {
                File.Copy(Path.Combine(_folder["whole"], name), Path.Combine(folder, name));
            }

            var text = File.ReadAllText(Path.Combine(folder, "manifest.json"));
            File.WriteAllText(Path.Combine(folder, "manifest.json"), Without(text, lost, manifest.Files[lost]));
            File.WriteAllText(Path.Combine(folder, lost), "left over");
            Assert.HasCount(2, ListOpsManifest.Read(folder)!.Files);
            ListOpsFolder.Generate(folder, Small, seed: 5);
            AssertSame(_folder["whole"], folder, exceptManifest: true);
            Assert.HasCount(3, ListOpsManifest.Read(folder)!.Files);
        }

        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => ListOpsFolder.Generate(_folder["cancelled"], Small, seed: 5, cancellationToken: stop.Token));
        Assert.HasCount(1, Directory.GetFiles(_folder["cancelled"]));
        ListOpsFolder.Generate(_folder["cancelled"], Small, seed: 5);
        AssertSame(_folder["whole"], _folder["cancelled"]);
    }

    [TestMethod]
    public void Generate_IntoAFolderOfOthers_NamesBothDigests()
    {
        var first = ListOpsFolder.Generate(_folder["a"], Small, seed: 5);
        var second = ListOpsFolder.Generate(_folder["b"], Small with { TrainCount = 2 }, seed: 5);
        foreach (var (options, seed) in new[] { (Small, 6UL), (Small with { TrainCount = 2 }, 5UL) })
        {
            var fault = Assert.ThrowsExactly<ConfigurationException>(() => ListOpsFolder.Generate(_folder["a"], options, seed));
            Assert.Contains(first.Digest, fault.Message);
            Assert.AreEqual(seed == 5, fault.Message.Contains(second.Digest, StringComparison.Ordinal));
        }

        Directory.CreateDirectory(_folder["original"]);
        File.WriteAllText(Path.Combine(_folder["original"], "basic_val.tsv"), "Source\tTarget\r\n");
        Assert.Contains("basic_val.tsv", Assert.ThrowsExactly<ConfigurationException>(
            () => ListOpsFolder.Generate(_folder["original"], Small, seed: 5)).Message);
    }

    [TestMethod]
    public void Generate_OverAChangedFile_NamesBothDigests()
    {
        var manifest = ListOpsFolder.Generate(_folder.Path, Small, seed: 5);
        var bytes = File.ReadAllBytes(_folder["basic_val.tsv"]);
        bytes[^3] = bytes[^3] == (byte)'1' ? (byte)'2' : (byte)'1';
        File.WriteAllBytes(_folder["basic_val.tsv"], bytes);
        foreach (var fault in new[]
        {
            Assert.ThrowsExactly<DataFormatException>(() => ListOpsFolder.Generate(_folder.Path, Small, seed: 5)),
            Assert.ThrowsExactly<DataFormatException>(() => ListOpsFolder.Read(_folder.Path)),
        })
        {
            Assert.Contains(manifest.Files["basic_val.tsv"].Sha256, fault.Message);
            Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), fault.Message);
        }

        File.Delete(_folder["basic_val.tsv"]);
        Assert.ThrowsExactly<DataFormatException>(() => ListOpsFolder.Generate(_folder.Path, Small, seed: 5));
        File.WriteAllText(_folder["manifest.json"], "{");
        Assert.ThrowsExactly<DataFormatException>(() => ListOpsFolder.Generate(_folder.Path, Small, seed: 5));
        File.WriteAllText(_folder["manifest.json"], "{}");
        Assert.ThrowsExactly<DataFormatException>(() => ListOpsFolder.Generate(_folder.Path, Small, seed: 5));
    }

    [TestMethod]
    public void File_WrittenAndRead_IsTheSame() => ListOpsExpressionTests.Expressions.Array[0, 5].Sample(
        expressions =>
        {
            var path = _folder[$"{Guid.NewGuid():N}.tsv"];
            var sequences = expressions.Select(tokens => new LabelledSequence(tokens, ListOpsExpression.FromTokens(tokens).Value)).ToArray();
            ListOpsFile.Write(path, sequences);
            var read = ListOpsFile.Read(path);
            Assert.HasCount(sequences.Length, read);
            for (var index = 0; index < sequences.Length; index++)
            {
                CollectionAssert.AreEqual(expressions[index], read[index].Values.ToArray());
                Assert.AreEqual(sequences[index].Label, read[index].Label);
            }
        },
        iter: 50);

    [TestMethod]
    public void Write_OfAWrongLabel_LeavesNothing()
    {
        Assert.ThrowsExactly<DataFormatException>(() => ListOpsFile.Write(_folder["x.tsv"], [new LabelledSequence(new byte[] { 5 }, 3)]));
        Assert.IsEmpty(_folder.Names());
    }

    [TestMethod]
    [DataRow("", 1, 1, "header")]
    [DataRow("Source,Target\n5\t5\n", 1, 1, "header")]
    [DataRow("5\t5\n", 1, 1, "header")]
    [DataRow("Source\tTarget\n5\t5\n( ( ( [MIN 4 )", 3, 2, "cut short")]
    [DataRow("Source\tTarget\n5\t5\n5\t5", 3, 2, "cut short")]
    [DataRow("Source\tTarget\n5\t5\n( ( [AVG 4 ) ] )\t4\n", 3, 1, "unknown symbol")]
    [DataRow("Source\tTarget\n( ( [MIN 4 ) ]\t4\n", 2, 1, "unbalanced")]
    [DataRow("Source\tTarget\n( ( [MIN 4 ) ] )\t5\n", 2, 2, "gives 4")]
    [DataRow("Source\tTarget\n( ( [MIN 4 ) ] )\t\n", 2, 2, "gives 4")]
    [DataRow("Source\tTarget\n5\t5\t5\n", 2, 2, "gives 5")]
    [DataRow("Source\tTarget\n5\t5\n\n", 3, 2, "no tab")]
    public void Read_OfAFault_NamesFileLineAndField(string text, int line, int field, string reason)
    {
        var path = _folder["bad.tsv"];
        File.WriteAllText(path, text);
        var fault = Assert.ThrowsExactly<DataFormatException>(() => ListOpsFile.Read(path));
        Assert.AreEqual((path, (long?)line, (int?)field), (fault.File, fault.Line, fault.Column));
        Assert.Contains(reason, fault.Message);
    }

    [TestMethod]
    public void Read_OfAMissingFile_IsRefused() =>
        Assert.ThrowsExactly<DataFormatException>(() => ListOpsFile.Read(_folder["missing.tsv"]));

    private static void AssertSame(string first, string second, bool exceptManifest = false)
    {
        foreach (var name in Files.Where(name => !exceptManifest || !name.EndsWith(".json", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(first, name)), File.ReadAllBytes(Path.Combine(second, name)), name);
        }

        Assert.HasCount(Files.Length, Directory.GetFiles(second));
    }

    private static string Without(string manifest, string name, ListOpsManifestFile file)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(manifest)!;
        Assert.AreEqual(file.Sha256, node["files"]![name]!["sha256"]!.GetValue<string>());
        node["files"]!.AsObject().Remove(name);
        return node.ToJsonString();
    }
}
