using Sequence.Data.Csv;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Csv;

[TestClass]
public sealed class CsvSeriesReaderTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow("date,y\n{0},1\n{1},2\n", "2024-01-31", "2024-02-01", "2024-01-31 00:00:00Z")]
    [DataRow("date;y\n{0};1\n{1};2\n", "2024-01-31 09:30:00", "2024-01-31 09:35:00", "2024-01-31 09:30:00Z")]
    [DataRow("date\ty\n{0}\t1\n{1}\t2\n", "2024-01-31T09:30:00+02:00", "2024-01-31T09:30:01+02:00", "2024-01-31 07:30:00Z")]
    [DataRow("date|y\n{0}|1\n{1}|2\n", "2024-01-31T09:30:00Z", "2024-01-31T09:30:01.000Z", "2024-01-31 09:30:00Z")]
    [DataRow("date,y\r\n{0},1\r\n{1},2\r\n", "1/31/2024", "2/1/2024", "2024-01-31 00:00:00Z")]
    [DataRow("Date,y\n{0},1\n{1},2", "2024/1/31 9:30", "2024/1/31 9:45", "2024-01-31 09:30:00Z")]
    [DataRow("TIMESTAMP,y\n{0},1\n{1},2\n", "1706693400", "1706693460", "2024-01-31 09:30:00Z")]
    [DataRow("ds,y\n{0},1\n{1},2\n", "1706693400000", "1706693460000", "2024-01-31 09:30:00Z")]
    [DataRow("month,y\n{0},1\n{1},2\n", "2024-01", "2024-02", "2024-01-01 00:00:00Z")]
    [DataRow("month,y\n{0},1\n{1},2\n", "202401", "202402", "2024-01-01 00:00:00Z")]
    [DataRow("day,y\n{0},1\n{1},2\n", "20240131", "20240201", "2024-01-31 00:00:00Z")]
    [DataRow(",y\n{0},1\n{1},2\n", "2024", "2025", "2024-01-01 00:00:00Z")]
    [DataRow("quarter,y\n{0},1\n{1},2\n", "2024 Q2", "2024-Q3", "2024-04-01 00:00:00Z")]
    [DataRow("\"date\", y \n {0} , 1\n\"{1}\",\"2\"\n", "2024-01-31", "2024-02-01", "2024-01-31 00:00:00Z")]
    public void Read_OfAnyLayout_FindsTimestampsAndNumbers(string layout, string first, string second, string expected)
    {
        var series = CsvSeriesReader.ReadSingle(_folder.Write("a.csv", string.Format(layout, first, second)));
        Assert.AreEqual(expected, $"{series.Timestamps.Span[0]:u}");
        Assert.AreEqual(TimeSpan.Zero, series.Timestamps.Span[0].Offset);
        CollectionAssert.AreEqual(new double[] { 1, 2 }, series.Values.ToArray());
        Assert.AreEqual("y", series.Id);
    }

    [TestMethod]
    public void Read_WithByteOrderMark_FindsTheFirstColumn()
    {
        var series = CsvSeriesReader.ReadSingle(_folder.Write("a.csv", "\uFEFFdate,y\n2024-01-01,1\n2024-01-02,2\n"));
        Assert.AreEqual(2, series.Length);
    }

    [TestMethod]
    public void Read_WithGivenTimestampFormat_TakesTheDayFirst()
    {
        var path = _folder.Write("a.csv", "date,y\n01.02.2024,1\n02.02.2024,2\n");
        var series = CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { TimestampFormat = "dd.MM.yyyy" });
        Assert.AreEqual(Sample.Utc(2024, 2, 1), series.Timestamps.Span[0]);
        Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.ReadSingle(path));
    }

    [TestMethod]
    public void Read_WithGivenDelimiter_UsesIt()
    {
        var path = _folder.Write("a.csv", "date:y\n2024-01-01:1\n2024-01-02:2\n");
        Assert.AreEqual(2, CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { Delimiter = ':' }).Length);
    }

    [TestMethod]
    [DataRow('"')]
    [DataRow('\n')]
    [DataRow('→')]
    public void Read_WithImpossibleDelimiter_IsAConfigurationFault(char delimiter)
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n2024-01-02,2\n");
        Assert.ThrowsExactly<ConfigurationException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Delimiter = delimiter }));
    }

    [TestMethod]
    [DataRow(DuplicatePolicy.KeepFirst, 2.0)]
    [DataRow(DuplicatePolicy.KeepLast, 5.0)]
    [DataRow(DuplicatePolicy.Mean, 3.5)]
    public void Duplicates_ByPolicy_BecomeOneRow(DuplicatePolicy policy, double expected)
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-02,\n2024-01-02,5\n2024-01-03,7\n");
        var series = CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { Duplicates = policy });
        CollectionAssert.AreEqual(new[] { 1, expected, 7 }, series.Values.ToArray());
    }

    [TestMethod]
    public void Disorder_ByPolicy_IsSortedBeforeDuplicatesAreMet()
    {
        var path = _folder.Write("a.csv", "date,y\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n2024-01-01,9\n");
        var options = new CsvSeriesOptions { Disorder = DisorderPolicy.Sort };
        var exception = Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.Read(path, options));
        Assert.AreEqual(5, exception.Line);
        Assert.Contains("line 3", exception.Message);
        var series = CsvSeriesReader.ReadSingle(path, options with { Duplicates = DuplicatePolicy.KeepFirst });
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, series.Values.ToArray());
    }

    [TestMethod]
    public void Gaps_ByPolicy_AreFilled()
    {
        var path = _folder.Write(
            "a.csv", "date,y\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 04:00,8\n2024-01-01 05:00,NA\n2024-01-01 06:00,9\n");
        var series = CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { MissingValues = MissingValuePolicy.ForwardFill });
        CollectionAssert.AreEqual(new double[] { 1, 2, 2, 2, 8, 8, 9 }, series.Values.ToArray());
        Assert.AreEqual(Sample.Utc(2024, 1, 1, 3), series.Timestamps.Span[3]);
        series = CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { MissingValues = MissingValuePolicy.Interpolate });
        CollectionAssert.AreEqual(new[] { 1, 2, 4, 6, 8, 8.5, 9 }, series.Values.ToArray());
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { MissingValues = MissingValuePolicy.Drop }));
        Assert.AreEqual(path, exception.File);
    }

    [TestMethod]
    public void LongFormat_WithAllRoles_MakesAPanel()
    {
        var path = _folder.Write(
            "a.csv",
            """
            date,shop,sold,rain,price,area
            2024-01-01,a,1,5,9,100
            2024-01-01,b,10,5,8,200
            2024-01-02,a,2,6,9,100
            2024-01-02,b,20,6,8,
            2024-01-03,a,,,7,100
            2024-01-04,a,,,6,100
            """);
        var panel = CsvSeriesReader.Read(path, new CsvSeriesOptions
        {
            Id = "shop",
            Target = "sold",
            PastCovariates = ["rain"],
            FutureCovariates = ["price"],
            StaticCovariates = ["area"],
        });
        Assert.HasCount(2, panel);
        CollectionAssert.AreEqual(new double[] { 1, 2 }, panel["a"].Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 5, 6 }, panel["a"].PastCovariates["rain"].ToArray());
        CollectionAssert.AreEqual(new double[] { 9, 9, 7, 6 }, panel["a"].FutureCovariates["price"].ToArray());
        CollectionAssert.AreEqual(new double[] { 8, 8 }, panel["b"].FutureCovariates["price"].ToArray());
        Assert.AreEqual(200, panel["b"].StaticCovariates["area"]);
        Assert.ThrowsExactly<DataFormatException>(() => CsvSeriesReader.ReadSingle(
            path, new CsvSeriesOptions { Id = "shop", Target = "sold", MissingValues = MissingValuePolicy.Drop }));
    }

    [TestMethod]
    public void StaticCovariate_ThatChanges_IsRefused()
    {
        var path = _folder.Write("a.csv", "date,y,s\n2024-01-01,1,5\n2024-01-02,2,6\n");
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.Read(path, new CsvSeriesOptions { Target = "y", StaticCovariates = ["s"] }));
        Assert.AreEqual(3, exception.Line);
        Assert.AreEqual(3, exception.Column);
        Assert.Contains("from 5 (line 2) to 6", exception.Message);
    }

    [TestMethod]
    public void ShortSeries_InAPanelOfBusinessDays_FollowsTheLongest()
    {
        var days = Sample.Grid(new Frequency(FrequencyUnit.BusinessDay), Sample.Monday, 10);
        var rows = days.Select(day => $"long,{day:yyyy-MM-dd},1")
            .Concat(["short,2024-01-02,1", "short,2024-01-03,2", "single,2024-01-02,1"]);
        var path = _folder.Write("a.csv", "id,date,y\n" + string.Join('\n', rows));
        var panel = CsvSeriesReader.Read(path, new CsvSeriesOptions { Id = "id" });
        foreach (var series in panel)
        {
            Assert.AreEqual("B", series.Frequency.ToString(), series.Id);
        }
    }
}
