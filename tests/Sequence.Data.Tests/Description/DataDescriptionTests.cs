using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Description;

[TestClass]
public sealed class DataDescriptionTests
{
    [TestMethod]
    public void Describe_WithMissingValues_LeavesThemOut()
    {
        var description = DataDescription.Describe(Sample.Daily(2, 4, double.NaN, 4, 4, 5, 5, 7, 9));
        Assert.AreEqual(9, description.Rows);
        Assert.AreEqual(1, description.Missing);
        Assert.AreEqual(2, description.Minimum);
        Assert.AreEqual(9, description.Maximum);
        Assert.AreEqual(5, description.Mean);
        Assert.AreEqual(2, description.StandardDeviation);
        Assert.AreEqual(Sample.Utc(2024, 1, 9), description.End);
    }

    [TestMethod]
    public void Describe_WithHolidays_CountsThoseWithin()
    {
        var calendar = new BusinessCalendar([new DateOnly(2024, 1, 3), new DateOnly(2024, 12, 25)]);
        var frequency = new Frequency(FrequencyUnit.BusinessDay, 1, calendar);
        var series = new TimeSeries("y", frequency, Sample.Grid(frequency, Sample.Monday, 4), new double[] { 1, 2, 3, 4 });
        Assert.AreEqual(1, DataDescription.Describe(series).Holidays);
    }

    [TestMethod]
    public void Describe_WithNothing_HasNoStatistics()
    {
        var description = DataDescription.Describe(Sample.Daily());
        Assert.IsNull(description.Start);
        Assert.IsNull(description.Mean);
        Assert.IsNull(description.Maximum);
    }
}
