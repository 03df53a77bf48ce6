using Deedle;
using Sequence.Data.Frames;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Frames;

[TestClass]
public sealed class DeedleAdapterTests
{
    private static readonly DateTime[] Days =
        [new(2024, 1, 1), new(2024, 1, 2), new(2024, 1, 3)];

    [TestMethod]
    public void Frame_ThereAndBack_IsTheSame()
    {
        var frequency = new Frequency(FrequencyUnit.Day);
        var series = new TimeSeries(
            "close",
            frequency,
            Sample.Grid(frequency, Sample.Monday, 3),
            new[] { 1, double.NaN, 3 },
            new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal) { ["volume"] = new double[] { 7, 8, 9 } });
        var frame = DeedleAdapter.ToFrame(series);
        CollectionAssert.AreEqual(new[] { "close", "volume" }, frame.ColumnKeys.ToArray());
        CollectionAssert.AreEqual(Days, frame.RowKeys.ToArray());

        var back = DeedleAdapter.ToTimeSeries(frame, new SeriesReaderOptions
        {
            Target = "close",
            PastCovariates = ["volume"],
            MissingValues = MissingValuePolicy.Interpolate,
        });
        Assert.AreEqual("close", back.Id);
        CollectionAssert.AreEqual(series.Timestamps.ToArray(), back.Timestamps.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, back.Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 7, 8, 9 }, back.PastCovariates["volume"].ToArray());
    }

    [TestMethod]
    public void Series_ByOffsetTime_BecomesUtc()
    {
        var eastern = new DateTimeOffset(2024, 1, 1, 3, 0, 0, TimeSpan.FromHours(3));
        var series = DeedleAdapter.ToTimeSeries(
            new Series<DateTimeOffset, double>([eastern, eastern.AddHours(1)], [1.0, 2.0]), "y");
        Assert.AreEqual(Sample.Monday, series.Timestamps.Span[0]);
        Assert.AreEqual(TimeSpan.Zero, series.Timestamps.Span[0].Offset);
        Assert.AreEqual("H", series.Frequency.ToString());
    }

    [TestMethod]
    public void Series_ThereAndBack_IsTheSame()
    {
        var series = new Series<DateTime, double>(Days, [1.0, 2.0, 4.0]);
        var back = DeedleAdapter.ToSeries(DeedleAdapter.ToTimeSeries(series, "y"));
        Assert.AreEqual(series, back);
    }

    [TestMethod]
    public void Frame_WithIntegers_IsConverted()
    {
        var frame = Frame.CreateEmpty<DateTime, string>();
        frame.AddColumn("n", new Series<DateTime, int>(Days, [1, 2, 3]));
        var series = DeedleAdapter.ToTimeSeries(frame, new SeriesReaderOptions());
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, series.Values.ToArray());
    }

    [TestMethod]
    public void Frame_WithFaults_NamesThem()
    {
        var frame = Frame.CreateEmpty<DateTime, string>();
        frame.AddColumn("name", new Series<DateTime, string>(Days, ["a", "b", "c"]));
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => DeedleAdapter.ToTimeSeries(frame, new SeriesReaderOptions { Target = "name" }));
        Assert.Contains("'name'", exception.Message);
        exception = Assert.ThrowsExactly<DataFormatException>(
            () => DeedleAdapter.ToTimeSeries(frame, new SeriesReaderOptions { Target = "close" }));
        Assert.Contains("name", exception.Message);
        Assert.ThrowsExactly<ConfigurationException>(
            () => DeedleAdapter.ToTimeSeries(frame, new SeriesReaderOptions { Timestamp = "date" }));
    }

    [TestMethod]
    public void Frame_WithMissingRowAndNoPolicy_IsRefused()
    {
        var series = new Series<DateTime, double>([.. Days, new DateTime(2024, 1, 5)], [1.0, 2.0, 3.0, 5.0]);
        var exception = Assert.ThrowsExactly<DataFormatException>(() => DeedleAdapter.ToTimeSeries(series, "y"));
        Assert.Contains("row 3", exception.Message);
    }
}
