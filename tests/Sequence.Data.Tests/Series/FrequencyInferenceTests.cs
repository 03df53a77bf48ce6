using CsCheck;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Series;

[TestClass]
public sealed class FrequencyInferenceTests
{
    [TestMethod]
    [DataRow("S")]
    [DataRow("30S")]
    [DataRow("15min")]
    [DataRow("H")]
    [DataRow("6H")]
    [DataRow("D")]
    [DataRow("B")]
    [DataRow("W")]
    [DataRow("2W")]
    [DataRow("M")]
    [DataRow("2M")]
    [DataRow("Q")]
    [DataRow("Y")]
    public void Infer_FromItsOwnGrid_GivesTheFrequencyBack(string code)
    {
        var frequency = Frequency.Parse(code);
        Gen.Select(Gen.Int[0, 3000], Gen.Int[8, 60]).Sample((days, rows) =>
        {
            var start = Sample.Monday.AddDays(7 * days).AddHours(days % 24);
            Assert.AreEqual(frequency, FrequencyInference.Infer(Sample.Grid(frequency, start, rows)));
        });
    }

    [TestMethod]
    [DataRow("15min")]
    [DataRow("H")]
    [DataRow("D")]
    [DataRow("W")]
    [DataRow("M")]
    [DataRow("Q")]
    public void Infer_WithSomeRowsMissing_GivesTheFrequencyBack(string code)
    {
        var frequency = Frequency.Parse(code);
        Gen.Int[1, 28].HashSet[1, 5].Sample(missing =>
        {
            // Rows 30 to 59 are whole, so that the usual step stays the most common gap.
            var rows = Sample.Grid(frequency, Sample.Monday, 60).Where((_, row) => !missing.Contains(row)).ToArray();
            Assert.AreEqual(frequency, FrequencyInference.Infer(rows));
        });
    }

    [TestMethod]
    public void Infer_FromWeekdaysWithHolidays_FindsExactlyTheHolidays() =>
        Gen.Int[1, 58].HashSet[0, 8].Sample(missing =>
        {
            var all = Sample.Grid(new Frequency(FrequencyUnit.BusinessDay), Sample.Monday, 60);
            var holidays = missing.Select(row => DateOnly.FromDateTime(all[row].Date)).ToArray();
            var expected = new Frequency(FrequencyUnit.BusinessDay, 1, new BusinessCalendar(holidays));
            var traded = all.Where((_, row) => !missing.Contains(row)).ToArray();
            Assert.AreEqual(expected, FrequencyInference.Infer(traded));
            for (var row = 1; row < traded.Length; row++)
            {
                Assert.AreEqual(traded[row], expected.Add(traded[row - 1], 1));
            }
        });

    [TestMethod]
    public void Infer_FromEndsOfMonths_IsMonthly()
    {
        DateTimeOffset[] ends =
        [
            Sample.Utc(2023, 1, 31), Sample.Utc(2023, 2, 28), Sample.Utc(2023, 3, 31), Sample.Utc(2023, 4, 30),
        ];
        Assert.AreEqual("M", FrequencyInference.Infer(ends).ToString());
        Assert.AreEqual("Q", FrequencyInference.Infer([ends[2], Sample.Utc(2023, 6, 30), Sample.Utc(2023, 9, 30)]).ToString());
    }

    [TestMethod]
    public void Infer_FromTheThirtiethOfEachMonth_IsMonthlyThroughFebruary() =>
        Assert.AreEqual("M", FrequencyInference.Infer(
            [Sample.Utc(2023, 1, 30), Sample.Utc(2023, 2, 28), Sample.Utc(2023, 3, 30)]).ToString());

    [TestMethod]
    public void Infer_WithinOneWeek_IsDaily() =>
        Assert.AreEqual("D", FrequencyInference.Infer(Sample.Grid(new Frequency(FrequencyUnit.Day), Sample.Monday, 5)).ToString());

    [TestMethod]
    public void Infer_FromIrregularRows_NamesTheFirstOddGap()
    {
        var rows = Sample.Grid(new Frequency(FrequencyUnit.Hour), Sample.Monday, 10);
        rows[6] = rows[6].AddMinutes(20);
        var exception = Assert.ThrowsExactly<DataFormatException>(() => FrequencyInference.Infer(rows));
        Assert.Contains("Row 6", exception.Message);
        Assert.Contains("01:20:00", exception.Message);
        Assert.Contains("step H", exception.Message);
    }

    [TestMethod]
    public void Infer_FromDisorder_NamesTheRow()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => FrequencyInference.Infer([Sample.Monday, Sample.Monday.AddDays(1), Sample.Monday.AddDays(1)]));
        Assert.Contains("Row 2", exception.Message);
    }

    [TestMethod]
    public void Infer_FromFractionsOfSeconds_IsRefused() =>
        Assert.ThrowsExactly<DataFormatException>(() => FrequencyInference.Infer(
            [Sample.Monday, Sample.Monday.AddMilliseconds(500), Sample.Monday.AddMilliseconds(1000)]));

    [TestMethod]
    public void Check_OfRowsOffTheGrid_NamesTheFirst()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(() => FrequencyInference.Check(
            new Frequency(FrequencyUnit.Day), [Sample.Monday, Sample.Monday.AddDays(1), Sample.Monday.AddHours(30)]));
        Assert.Contains("Row 2", exception.Message);
    }

    [TestMethod]
    public void Check_OfHolidayInGivenCalendar_IsRefused()
    {
        var calendar = new BusinessCalendar([new DateOnly(2024, 1, 2)]);
        Assert.ThrowsExactly<DataFormatException>(() => FrequencyInference.Check(
            new Frequency(FrequencyUnit.BusinessDay, 1, calendar), [Sample.Monday, Sample.Monday.AddDays(1)]));
    }
}
