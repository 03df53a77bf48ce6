using Sequence.Data;

namespace Sequence.Backtesting.Tests.Bars;

[TestClass]
public sealed class BarReaderTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-bars-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void ReadCsv_OfOneAsset_TakesItsNameFromTheFile()
    {
        var series = BarReader.ReadCsv(Write("Date,Open,High,Low,Close,Volume,Signal\n2024-01-02,1,3,0.5,2,10,7\n2024-01-05,2,2,2,2,20,8\n"),
            new BarReaderOptions { Covariates = ["Signal"] }).Single();
        Assert.AreEqual(("bars", 2), (series.Asset, series.Length));
        Assert.AreEqual(new Bar(new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero), 1, 3, 0.5, 2, 10), series[0]);
        CollectionAssert.AreEqual(new double[] { 7, 8 }, series.Covariates["Signal"].ToArray());
    }

    [TestMethod]
    public void ReadCsv_OfManyAssets_SplitsThemByTheirNames()
    {
        var series = BarReader.ReadCsv(Write("date,open,high,low,close,volume,Name\n2024-01-02,1,1,1,1,5,X\n2024-01-02,2,2,2,2,6,Y\n2024-01-03,1,1,1,1,5,X\n"));
        CollectionAssert.AreEqual(new[] { "X", "Y" }, series.Select(one => one.Asset).ToArray());
        CollectionAssert.AreEqual(new[] { 2, 1 }, series.Select(one => one.Length).ToArray());
    }

    [TestMethod]
    [DataRow("Date,Open,High,Low,Close\n2024-01-02,1,0.5,1,1\n", "below its low", 2, DisplayName = "high below low")]
    [DataRow("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n2024-01-03,1,1,-1,1\n", "positive", 3, DisplayName = "negative price")]
    [DataRow("Date,Open,High,Low,Close\n2024-01-02,,1,1,1\n", "finite", 2, DisplayName = "empty price")]
    [DataRow("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n2024-01-02,1,1,1,1\n", "twice", 3, DisplayName = "duplicate")]
    [DataRow("Date,Open,High,Low,Close\n2024-01-03,1,1,1,1\n2024-01-02,1,1,1,1\n", "out of order", 3, DisplayName = "disorder")]
    [DataRow("Date,Open,High,Low,Close\n2024-01-02 10:00:00Z,1,1,1,1\n2024-01-02 11:00:00,1,1,1,1\n", "time zone", 3, DisplayName = "zones mixed")]
    [DataRow("Date,Open,High,Low\n2024-01-02,1,1,1\n", "no column 'close'", 1, DisplayName = "no close")]
    [DataRow("", "empty", null, DisplayName = "empty file")]
    [DataRow("Date,Open,High,Low,Close\n", "no rows", null, DisplayName = "header alone")]
    public void ReadCsv_OfAFileThatCannotBe_NamesFileAndLine(string text, string said, int? line)
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(() => BarReader.ReadCsv(Write(text)));
        Assert.Contains(said, exception.Message);
        Assert.Contains("bars.csv", exception.Message);
        if (line is { } expected)
        {
            Assert.AreEqual(expected, exception.Line);
        }
    }

    [TestMethod]
    public void ReadCsv_DroppingIncompleteBars_LeavesThemOut()
    {
        var path = Write("Date,Open,High,Low,Close\n2024-01-02,,1,1,1\n2024-01-03,1,1,1,1\n");
        Assert.AreEqual(1, BarReader.ReadCsv(path, new BarReaderOptions { DropIncomplete = true }).Single().Length);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "bars.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
