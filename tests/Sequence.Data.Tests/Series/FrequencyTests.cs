using System.Text.Json;
using CsCheck;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Series;

[TestClass]
public sealed class FrequencyTests
{
    private static readonly Gen<FrequencyUnit> Unit = Gen.Int[0, 8].Select(value => (FrequencyUnit)value);
    private static readonly Gen<Frequency> Any = Gen.Select(Unit, Gen.Int[1, 7], (unit, count) => new Frequency(unit, count));

    /// <summary>Weekdays 2000 to 2019 whose day of the month every month has, at any second.</summary>
    private static readonly Gen<DateTimeOffset> Start = Gen.Select(Gen.Int[0, 20 * 365], Gen.Int[0, 86399])
        .Where((days, _) => IsPlain(Sample.Utc(2000, 1, 1).AddDays(days)))
        .Select((days, seconds) => Sample.Utc(2000, 1, 1).AddDays(days).AddSeconds(seconds));

    [TestMethod]
    public void Add_ThereAndBack_IsTheSameTimestamp() =>
        Gen.Select(Any, Start, Gen.Int[-250, 250]).Sample((frequency, start, rows) =>
            Assert.AreEqual(start, frequency.Add(frequency.Add(start, rows), -rows)));

    [TestMethod]
    public void RowsBetween_AfterAdd_CountsTheRows() =>
        Gen.Select(Any, Start, Gen.Int[-250, 250]).Sample((frequency, start, rows) =>
            Assert.AreEqual(rows, frequency.RowsBetween(start, frequency.Add(start, rows))));

    [TestMethod]
    public void Add_InTwoParts_EqualsInOne() =>
        Gen.Select(Any, Start, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((frequency, start, first, second) =>
            Assert.AreEqual(frequency.Add(start, first + second), frequency.Add(frequency.Add(start, first), second)));

    [TestMethod]
    public void Parse_OfText_GivesTheFrequencyBack() =>
        Any.Sample(frequency => Assert.AreEqual(frequency, Frequency.Parse(frequency.ToString())));

    [TestMethod]
    [DataRow("D", FrequencyUnit.Day, 1)]
    [DataRow("15min", FrequencyUnit.Minute, 15)]
    [DataRow("15MIN", FrequencyUnit.Minute, 15)]
    [DataRow("M", FrequencyUnit.Month, 1)]
    [DataRow("h", FrequencyUnit.Hour, 1)]
    [DataRow("2W", FrequencyUnit.Week, 2)]
    [DataRow("B", FrequencyUnit.BusinessDay, 1)]
    public void Parse_OfCode_IsUnderstood(string code, FrequencyUnit unit, int count) =>
        Assert.AreEqual(new Frequency(unit, count), Frequency.Parse(code));

    [TestMethod]
    [DataRow("")]
    [DataRow("5")]
    [DataRow("0D")]
    [DataRow("-1D")]
    [DataRow("1.5H")]
    [DataRow("99999999999D")]
    [DataRow("fortnight")]
    public void Parse_OfNonsense_IsRefused(string code)
    {
        Assert.IsFalse(Frequency.TryParse(code, out _));
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => Frequency.Parse(code));
        Assert.Contains($"'{code}'", exception.Message);
    }

    [TestMethod]
    public void Json_ThereAndBack_KeepsTheHolidays()
    {
        var plain = new Frequency(FrequencyUnit.Minute, 15);
        Assert.AreEqual("\"15min\"", JsonSerializer.Serialize(plain));
        Assert.AreEqual(plain, JsonSerializer.Deserialize<Frequency>("\"15min\""));

        var traded = new Frequency(
            FrequencyUnit.BusinessDay, 1, new BusinessCalendar([new DateOnly(2024, 12, 25), new DateOnly(2024, 1, 1)]));
        var json = JsonSerializer.Serialize(traded);
        Assert.AreEqual("""{"code":"B","holidays":["2024-01-01","2024-12-25"]}""", json);
        Assert.AreEqual(traded, JsonSerializer.Deserialize<Frequency>(json));
    }

    [TestMethod]
    [DataRow("\"0D\"")]
    [DataRow("7")]
    [DataRow("{}")]
    [DataRow("""{"code":"B"}""")]
    [DataRow("""{"code":null,"holidays":[]}""")]
    [DataRow("""{"code":"B","holidays":["soon"]}""")]
    [DataRow("""{"code":"D","holidays":["2024-01-01"]}""")]
    public void Json_OfNonsense_IsAJsonException(string json) =>
        Assert.ThrowsExactly<JsonException>(() => JsonSerializer.Deserialize<Frequency>(json));

    [TestMethod]
    public void Equality_GoesByBusinessDays()
    {
        DateOnly[] holidays = [new(2024, 1, 1), new(2024, 5, 1)];
        var one = new Frequency(FrequencyUnit.BusinessDay, 1, new BusinessCalendar(holidays));
        var same = new Frequency(FrequencyUnit.BusinessDay, 1, new BusinessCalendar(holidays.Reverse().Append(new(2024, 1, 6))));
        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        Assert.AreNotEqual(one, new Frequency(FrequencyUnit.BusinessDay));
        Assert.AreEqual(
            new Frequency(FrequencyUnit.BusinessDay),
            new Frequency(FrequencyUnit.BusinessDay, 1, BusinessCalendar.WeekendsOnly));
    }

    [TestMethod]
    public void Construction_WithEveryFault_ListsAll()
    {
        var exception = Assert.ThrowsExactly<ConfigurationException>(
            () => new Frequency(FrequencyUnit.Day, 0, BusinessCalendar.WeekendsOnly));
        Assert.HasCount(2, exception.Faults);
    }

    [TestMethod]
    public void Add_PastTheLastYear_IsRefused()
    {
        foreach (var unit in Enum.GetValues<FrequencyUnit>())
        {
            var frequency = new Frequency(unit, int.MaxValue / 2);
            Assert.ThrowsExactly<DataFormatException>(() => frequency.Add(Sample.Utc(9999, 12, 1), int.MaxValue));
        }
    }

    [TestMethod]
    public void Add_ToEndOfMonth_StaysAtTheEnd()
    {
        var monthly = new Frequency(FrequencyUnit.Month);
        Assert.AreEqual(Sample.Utc(2024, 2, 29), monthly.Add(Sample.Utc(2024, 1, 31), 1));
        Assert.AreEqual(Sample.Utc(2024, 3, 31), monthly.Add(Sample.Utc(2024, 2, 29), 1));
    }

    [TestMethod]
    public void Add_OverHolidays_SkipsThem()
    {
        var calendar = new BusinessCalendar([new DateOnly(2024, 12, 25), new DateOnly(2024, 12, 26)]);
        var frequency = new Frequency(FrequencyUnit.BusinessDay, 1, calendar);
        Assert.AreEqual(Sample.Utc(2024, 12, 27), frequency.Add(Sample.Utc(2024, 12, 24), 1));
        Assert.AreEqual(Sample.Utc(2024, 12, 30), frequency.Add(Sample.Utc(2024, 12, 24), 2));
        Assert.IsNull(frequency.RowsBetween(Sample.Utc(2024, 12, 24), Sample.Utc(2024, 12, 25)));
    }

    [TestMethod]
    public void FutureTimestamps_AfterFebruary_KeepTheDayOfTheMonth()
    {
        var monthly = new Frequency(FrequencyUnit.Month);
        var series = new TimeSeries(
            "y", monthly, new[] { Sample.Utc(2023, 1, 28), Sample.Utc(2023, 2, 28) }, new double[] { 1, 2 });
        CollectionAssert.AreEqual(
            new[] { Sample.Utc(2023, 3, 28), Sample.Utc(2023, 4, 28) }, series.FutureTimestamps(2));
    }

    private static bool IsPlain(DateTimeOffset day) =>
        day.Day <= 27 && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
