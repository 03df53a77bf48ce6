using System.IO.Compression;
using System.Text;
using Sequence.Data.Csv;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Csv;

/// <summary>Every fault of a text file names its place and the remedy.</summary>
[TestClass]
public sealed class BadInputTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow("", null, null, "empty")]
    [DataRow("\n\n", null, null, "empty")]
    [DataRow("date,y\n", null, null, "no rows")]
    [DataRow("2024-01-01,1\n2024-01-02,2\n", 1, null, "no header")]
    [DataRow("1,2\n3,4\n", 1, null, "no header")]
    [DataRow("a,y\n2024-01-01,1\n", 1, null, "there are: a, y")]
    [DataRow("date,time,y\n2024-01-01,1,1\n", 1, null, "date, time")]
    [DataRow("date,a,b\n2024-01-01,1,1\n", 1, null, "there are: date, a, b")]
    [DataRow("date,y,y\n2024-01-01,1,1\n", 1, null, "2 times")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,abc\n", 3, 2, "'abc' in column 'y' is not a number")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,\"1,5\"\n", 3, 2, "'1,5'")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,inf\n", 3, 2, "'inf'")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,-Infinity\n", 3, 2, "finite")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,1e999\n", 3, 2, "finite")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,NaN\n", 3, 2, "no value")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,\n", 3, 2, "no value")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,2,3\n", 3, null, "2 fields, this line 3")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02\n", 3, null, "2 fields, this line 1")]
    [DataRow("date,y\n2024-01-01,1\n2024-13-02,2\n", 3, 1, "'2024-13-02' in column 'date' is not a timestamp")]
    [DataRow("date,y\n2024-01-01,1\n13/31/2024,2\n", 3, 1, "month first")]
    [DataRow("date,y\n2024-01-01,1\n,2\n", 3, 1, "not a timestamp")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-02,3\n", 4, 1, "first in line 3")]
    [DataRow("date,y\n2024-01-02,1\n2024-01-01,2\n", 3, 1, "(line 2)")]
    [DataRow("date,y\n2024-01-01,1\n", 2, 1, "Give the frequency")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-03T07:00,4\n", 5, 1, "irregular")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-05,3\n2024-01-06,3\n", 4, 1, "(line 3)")]
    [DataRow("date,y\n2024-01-01,1\n2024-01-02,\"2\n", 3, null, "malformed")]
    [DataRow("\n\ndate,y\n\n2024-01-01,1\n\n2024-01-02,x\n", 7, 2, "'x'")]
    public void File_WithFault_NamesPlaceAndRemedy(string text, int? line, int? column, string part)
    {
        var path = _folder.Write("bad.csv", text);
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Target = text.Contains('y', StringComparison.Ordinal) ? "y" : null }));
        Assert.AreEqual(path, exception.File);
        Assert.AreEqual(line, exception.Line, exception.Message);
        Assert.AreEqual(column, exception.Column, exception.Message);
        Assert.Contains(part, exception.Message);
    }

    [TestMethod]
    public void Column_Unknown_ListsThoseThereAre()
    {
        var path = _folder.Write("a.csv", "date,open,close\n2024-01-01,1,2\n");
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Target = "Close" }));
        Assert.AreEqual($"{path}:1: There is no column 'Close' to be the target. There are: date, open, close.", exception.Message);
    }

    [TestMethod]
    public void NotANumber_OutsideNullTokens_IsRefused()
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n2024-01-02,NaN\n");
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { NullTokens = [""], MissingValues = MissingValuePolicy.Drop }));
        Assert.AreEqual(3, exception.Line);
        Assert.Contains("finite", exception.Message);
    }

    [TestMethod]
    public void File_Missing_IsNamed()
    {
        var path = Path.Combine(_folder.Root, "absent", "a.csv");
        var exception = Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.Read(path));
        Assert.AreEqual($"{path}: There is no such file.", exception.Message);
    }

    [TestMethod]
    public void Folder_InPlaceOfFile_IsRefused() =>
        Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.Read(_folder.Root));

    [TestMethod]
    public void Bytes_ThatAreNoText_AreRefused()
    {
        var path = _folder.Write("a.csv", [.. Encoding.UTF8.GetBytes("date,y\n2024-01-01,"), 0xFF, 0xFE, 0x80, (byte)'\n']);
        var exception = Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.Read(path));
        Assert.Contains("UTF-8", exception.Message);
    }

    [TestMethod]
    public void Compressed_CutAtAnyLength_IsRefused()
    {
        using var memory = new MemoryStream();
        using (var compressed = new GZipStream(memory, CompressionLevel.Optimal))
        {
            compressed.Write(Encoding.UTF8.GetBytes("date,y\n" + string.Concat(
                Enumerable.Range(1, 28).Select(day => $"2024-02-{day:00},{Math.Sin(day)}\n"))));
        }

        var whole = memory.ToArray();
        Assert.AreEqual(28, CsvSeriesReader.ReadSingle(_folder.Write("whole.csv.gz", whole)).Length);
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.Write("cut.csv.gz", whole[..length]);
            Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.Read(path), $"cut at {length} of {whole.Length}");
        }
    }

    [TestMethod]
    public void Options_WithOneColumnInTwoParts_AreRefused()
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n");
        Assert.ThrowsExactly<ConfigurationException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Target = "y", FutureCovariates = ["y"] }));
    }

    [TestMethod]
    public void Grid_FarLargerThanTheData_IsRefusedAndNotAllocated()
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n");
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Frequency = new Frequency(FrequencyUnit.Second) }));
        Assert.Contains("172801 rows", exception.Message);
    }

    [TestMethod]
    public void GivenFrequency_ThatDoesNotFit_NamesTheFirstTimestamp()
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n2024-01-08,2\n2024-01-16,3\n");
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Frequency = new Frequency(FrequencyUnit.Week) }));
        Assert.AreEqual(4, exception.Line);
        Assert.Contains("2024-01-16", exception.Message);
    }
}
