using Sequence.Data.Csv;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Csv;

[TestClass]
public sealed class RealFileTests
{
    private const string Shanghai = "stocks/SSE_000001.SS_1997-07_2024-07.csv";

    [TestMethod]
    public void Shanghai_DroppedNulls_BecomeHolidays()
    {
        var path = SharedData.Locate(Shanghai);
        var lines = File.ReadAllLines(path).Skip(1).Where(line => line.Length > 0).ToArray();
        var nulls = lines.Where(line => line.Contains("null", StringComparison.Ordinal)).ToArray();

        var series = CsvSeriesReader.ReadSingle(
            path, new CsvSeriesOptions { Target = "Close", MissingValues = MissingValuePolicy.Drop });

        Assert.AreEqual(FrequencyUnit.BusinessDay, series.Frequency.Unit);
        Assert.AreEqual(lines.Length - nulls.Length, series.Length);
        Assert.AreEqual(Sample.Utc(1997, 7, 21), series.Timestamps.Span[0]);
        Assert.AreEqual(1193.525024, series.Values.Span[0]);
        foreach (var line in nulls)
        {
            Assert.Contains(DateOnly.Parse(line[..10]), series.Frequency.Calendar!.Holidays);
        }

        for (var row = 1; row < series.Length; row++)
        {
            Assert.AreEqual(1, series.Frequency.RowsBetween(series.Timestamps.Span[row - 1], series.Timestamps.Span[row]));
        }
    }

    [TestMethod]
    public void Shanghai_NoPolicy_NamesTheFirstNull()
    {
        var path = SharedData.Locate(Shanghai);
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { Target = "Close" }));
        Assert.AreEqual(54, exception.Line);
        Assert.AreEqual(5, exception.Column);
        Assert.Contains("'Close'", exception.Message);
    }

    [TestMethod]
    public void AirlinePassengers_NoOptions_AreMonthly()
    {
        var series = CsvSeriesReader.ReadSingle(SharedData.Locate("jbrownlee/airline-passengers.csv"));
        Assert.AreEqual("M", series.Frequency.ToString());
        Assert.AreEqual(144, series.Length);
        Assert.AreEqual("Passengers", series.Id);
        Assert.AreEqual(432, series.Values.Span[^1]);
        Assert.AreEqual(Sample.Utc(1961, 1, 1), series.FutureTimestamps(1)[0]);
    }

    [TestMethod]
    public void ElectricityTransformer_Compressed_IsHourly()
    {
        var series = CsvSeriesReader.ReadSingle(
            SharedData.Locate("ett/ETTh1.csv.gz"),
            new CsvSeriesOptions { Target = "OT", PastCovariates = ["HUFL", "LULL"] });
        Assert.AreEqual("H", series.Frequency.ToString());
        Assert.AreEqual(17420, series.Length);
        Assert.AreEqual(30.5310001373291, series.Values.Span[0]);
        Assert.AreEqual(9.56700038909912, series.Values.Span[^1]);
        Assert.AreEqual(10.11400032043457, series.PastCovariates["HUFL"].Span[^1]);
    }

    [TestMethod]
    public void StandardAndPoors_MonthFirstDates_AreBusinessDays()
    {
        var series = CsvSeriesReader.ReadSingle(
            SharedData.Locate("stocks/sp500.csv.gz"), new CsvSeriesOptions { Target = "Close" });
        Assert.AreEqual(FrequencyUnit.BusinessDay, series.Frequency.Unit);
        Assert.AreEqual(Sample.Utc(1999, 1, 4), series.Timestamps.Span[0]);
        Assert.AreEqual(Sample.Utc(2018, 12, 31), series.Timestamps.Span[^1]);
        Assert.IsFalse(series.Frequency.Calendar!.IsBusinessDay(new DateOnly(2001, 9, 11)));
    }

    [TestMethod]
    [DataRow("sktime_small/Lynx.csv", null, "Y", 1821)]
    [DataRow("sktime_small/solar.csv", "solar_gen", "30min", 2021)]
    [DataRow("sktime_small/Uschange.csv", "Income", "Q", 1970)]
    [DataRow("exchange_rate/exchange_rate.csv", "OT", "D", 1990)]
    [DataRow("stocks/BTCUSD.csv", "Close", "M", 2012)]
    public void PublicFile_OfAnyLayout_HasItsFrequency(string name, string? target, string frequency, int year)
    {
        var path = SharedData.Locate(name);
        var timestamp = name.Contains("solar", StringComparison.Ordinal) ? "datetime_gmt" : null;
        var series = CsvSeriesReader.ReadSingle(path, new CsvSeriesOptions { Timestamp = timestamp, Target = target });
        Assert.AreEqual(frequency, series.Frequency.ToString());
        Assert.AreEqual(year, series.Timestamps.Span[0].Year);
    }
}
