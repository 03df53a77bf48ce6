using CsCheck;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class DocumentPairFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Read_OfTheOriginalForm_KeepsQuotesAndCutsTexts()
    {
        var path = Write("1.0\tP03-1001\tW05-0101\ta \"quoted text\tsecond\n0.0\tA\tB\t\té😀x\r\n");
        var pairs = DocumentPairFile.Read(path, maximumCharacters: 1000).ToArray();
        Assert.AreEqual(new DocumentPair("P03-1001", "W05-0101", "a \"quoted text", "second", 1), pairs[0]);
        Assert.AreEqual(new DocumentPair("A", "B", string.Empty, "é😀x", 0), pairs[1]);
        Assert.AreEqual("a ", DocumentPairFile.Read(path, 2).First().First);
        Assert.AreEqual("é😀", DocumentPairFile.Read(path, 2).Last().Second);
    }

    [TestMethod]
    [DataRow("", 1, null, "no pairs")]
    [DataRow("1.0\ta\tb\tx\ty\n1.0\ta\tb\tx\n", 2, 4, "4 fields")]
    [DataRow("1.0\ta\tb\tx\ty\tz\n", 1, 6, "more than 5")]
    [DataRow("1.0\ta\tb\tx\ty\n0.5\ta\tb\tx\ty\n", 2, 1, "'0.5'")]
    [DataRow("label\ta\tb\tx\ty\n", 1, 1, "'label'")]
    [DataRow("1.0\ta\tb\tx\ty\n1.0\ta\tb\tx\ty", 2, null, "cut short")]
    public void Read_OfAFault_NamesFileLineAndField(string text, int line, int? field, string reason)
    {
        var path = Write(text);
        var fault = Assert.ThrowsExactly<DataFormatException>(() => DocumentPairFile.Read(path, 10).Count());
        Assert.AreEqual((path, (long?)line, field), (fault.File, fault.Line, fault.Column));
        Assert.Contains(reason, fault.Message);
    }

    [TestMethod]
    public void Read_OfBytesThatAreNoText_NamesTheField()
    {
        var path = _folder["bytes.tsv"];
        File.WriteAllBytes(path, [.. "1\ta\tb\tx\ty"u8, 0xC3, .. "\n"u8]);
        Assert.AreEqual(5, Assert.ThrowsExactly<DataFormatException>(() => DocumentPairFile.Read(path, 10).Count()).Column);
        Assert.ThrowsExactly<DataFormatException>(() => DocumentPairFile.Read(_folder["missing"], 10).Count());
    }

    [TestMethod]
    public void Read_OfRowsOfAnyLength_GivesThemBack() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 400_000], Gen.Int[0, 50]).Array[1, 4].Sample(
            rows =>
            {
                var expected = rows.Select(row => new DocumentPair(
                    "a", "b", new string('é', row.Item2), new string('x', row.Item3), row.Item1)).ToArray();
                var path = _folder[$"{Guid.NewGuid():N}.tsv"];
                File.WriteAllText(path, string.Concat(expected.Select(pair => $"{pair.Label}.0\ta\tb\t{pair.First}\t{pair.Second}\n")));
                CollectionAssert.AreEqual(expected, DocumentPairFile.Read(path, int.MaxValue).ToArray());
                File.Delete(path);
            },
            iter: 20);

    private string Write(string text)
    {
        var path = _folder["pairs.tsv"];
        File.WriteAllText(path, text);
        return path;
    }
}
