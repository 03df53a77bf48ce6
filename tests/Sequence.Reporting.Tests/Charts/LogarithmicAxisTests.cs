using System.Xml.Linq;

namespace Sequence.Reporting.Tests.Charts;

[TestClass]
public sealed class LogarithmicAxisTests
{
    [TestMethod]
    [DataRow(1.0, 1000.0, "1 10 100 1,000")]
    [DataRow(9.0, 120.0, "10 20 50 100")]
    [DataRow(95.0, 130.0, "100 110 120 130")]
    [DataRow(1e-3, 1e9, "0.01 1 100 10,000 1,000,000 1e8")]
    [DataRow(2.0, 2.0, "1.95 2.00 2.05")]
    public void Ticks_OfARange_AreRound(double low, double high, string expected)
    {
        var labels = Svg(low, high).Descendants().Where(element => element.Attribute("text-anchor")?.Value == "end").Select(element => element.Value);
        Assert.AreEqual(expected, string.Join(' ', labels));
    }

    [TestMethod]
    public void EqualRatios_AreEquallyHigh()
    {
        var path = Line([1, 10, 100, 1000]);
        var heights = path.Split(' ', 'M').Where(text => text.Length > 0).Where((_, index) => index % 2 == 1)
            .Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.HasCount(4, heights);
        Assert.AreEqual(heights[0] - heights[1], heights[1] - heights[2], 0.21);
        Assert.AreEqual(heights[1] - heights[2], heights[2] - heights[3], 0.21);
        Assert.IsGreaterThan(50, heights[0] - heights[1]);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    public void Value_NotPositive_IsRefused(double value) => Assert.ThrowsExactly<ArgumentException>(() => Line([1, value]));

    private static string Line(double[] values) => Svg(values).Descendants()
        .Single(element => element.Attribute("class")?.Value == "line c0").Attribute("d")!.Value;

    private static XDocument Svg(params double[] values) => XDocument.Parse(new Chart(
        "t", "d", [new LineLayer("l", [.. values.Select((_, index) => (double)index)], values)])
    {
        IsLogarithmic = true,
    }.ToSvg(400, 300));
}
