using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;

namespace Sequence.Reporting.Tests.Charts;

[TestClass]
public sealed partial class ChartTests
{
    private const int Width = 400;
    private const int Height = 300;

    [TestMethod]
    [DataRow(new[] { 5.0 })]
    [DataRow(new[] { 3.0, 3, 3 })]
    [DataRow(new[] { 0.0, 0 })]
    [DataRow(new double[0])]
    [DataRow(new[] { double.NaN, double.NaN })]
    [DataRow(new[] { 1, double.NaN, 2, double.NaN, double.NaN, 3, 4 })]
    [DataRow(new[] { double.PositiveInfinity, 1, double.NegativeInfinity, 2 })]
    [DataRow(new[] { -double.MaxValue, double.MaxValue })]
    [DataRow(new[] { double.MaxValue, double.MaxValue })]
    [DataRow(new[] { double.Epsilon, 2 * double.Epsilon })]
    [DataRow(new[] { 1e-200, 3e-200 })]
    [DataRow(new[] { 1e9, 1e9 + 1e-6 })]
    [DataRow(new[] { 1e15, 1e15 + 1 })]
    [DataRow(new[] { -1e-9, 1e12 })]
    public void Svg_OfOddValues_IsWellFormedAndStaysInside(double[] values)
    {
        double[] x = [.. values.Select((_, index) => (double)index)];
        foreach (var layer in Layers(x, values))
        {
            foreach (var axis in new[] { ChartAxis.Number, ChartAxis.Time })
            {
                CheckInside(new Chart("t", "d", [layer]) { Axis = axis, HorizontalLabel = "x", VerticalLabel = "y" });
            }
        }

        CheckInside(new Chart("t", "d", [BarLayer.Histogram("h", values)]));
        CheckInside(new Chart("t", "d", [new PointLayer("p", values, x)]));
        CheckInside(new Chart("t", "d", [new PointLayer("p", values, x)]) { Axis = ChartAxis.Time });
    }

    [TestMethod]
    public void Svg_OfAnyValues_IsWellFormedAndStaysInside() => Gen.Double.Array[0, 60].Sample(
        values =>
        {
            foreach (var layer in Layers([.. values.Select((_, index) => (double)index)], values))
            {
                CheckInside(new Chart("t", "d", [layer]));
            }

            CheckInside(new Chart("t", "d", [BarLayer.Histogram("h", values)]));
        },
        iter: 300);

    [TestMethod]
    public void Line_OfManyPoints_KeepsItsPeaksInFewPoints()
    {
        var x = Enumerable.Range(0, 200_000).Select(index => (double)index).ToArray();
        var y = x.Select(value => Math.Sin(value / 700)).ToArray();
        y[123_456] = 40;
        y[77_777] = -30;
        var svg = new Chart("t", "d", [new LineLayer("l", x, y)]).ToSvg(Width, Height);
        var points = Path(svg, "line").Split(' ', 'M').Where(text => text.Length > 0).Select(Parse).ToArray();
        Assert.IsLessThan(2 * 4 * (Width + 2), points.Length);

        // The peaks lie 6 % and 4 % of the range from the frame, which reaches from y = 26 to 274.
        var heights = points.Where((_, index) => index % 2 == 1).ToArray();
        Assert.AreEqual(26 + (248 * 0.06 / 1.1), heights.Min(), 0.2);
        Assert.AreEqual(274 - (248 * 0.04 / 1.1), heights.Max(), 0.2);
    }

    [TestMethod]
    public void Line_WithAGap_BreaksThereAndShowsALonePoint()
    {
        var svg = new Chart("t", "d", [new LineLayer("l", [0, 1, 2, 3, 4, 5, 6], [1, 2, double.NaN, 3, double.NaN, 4, 5])])
            .ToSvg(Width, Height);
        Assert.HasCount(3, Path(svg, "line").Split('M'));
        Assert.HasCount(2, Path(svg, "dot").Split('M'));
    }

    [TestMethod]
    public void Lines_PastThePalette_AreDotted()
    {
        var lines = Enumerable.Range(0, 8).Select(index => new LineLayer($"l{index}", [0, 1], [index, index])).ToArray();
        var classes = XDocument.Parse(new Chart("t", "d", lines).ToSvg(Width, Height)).Descendants()
            .Select(element => element.Attribute("class")?.Value ?? string.Empty)
            .Where(name => name.StartsWith("line", StringComparison.Ordinal)).ToArray();
        Assert.HasCount(8, classes.Distinct().ToArray());
        Assert.AreEqual("line dotted c0", classes[7]);
    }

    [TestMethod]
    public void Points_InTheSamePixel_AreDrawnOnce()
    {
        var x = Enumerable.Repeat(1.0, 5000).Append(2).ToArray();
        var svg = new Chart("t", "d", [new PointLayer("p", x, x)]).ToSvg(Width, Height);
        Assert.HasCount(3, Path(svg, "dot").Split('M'));
    }

    [TestMethod]
    [DataRow(0.0, 10.0, "0 2 4 6 8 10")]
    [DataRow(1003.2, 1187.6, "1,000 1,050 1,100 1,150")]
    [DataRow(-0.031, 0.042, "-0.02 0.00 0.02 0.04")]
    [DataRow(0.0, 3e8, "0 1e8 2e8 3e8")]
    [DataRow(0.0, 4e-9, "0 1e-9 2e-9 3e-9 4e-9")]
    public void VerticalTicks_OfARange_AreRound(double low, double high, string expected)
    {
        var svg = new Chart("t", "d", [new LineLayer("l", [0, 1], [low, high])]).ToSvg(Width, Height);
        CollectionAssert.AreEqual(expected.Split(' '), Labels(svg, "end"));
    }

    [TestMethod]
    [DataRow(1.0, 3.0, "1|2|3")]
    [DataRow(1.0, 5.0, "1|2|3|4|5")]
    [DataRow(1.0, 24.0, "5|10|15|20")]
    public void CountTicks_OfARange_AreWholeNumbers(double low, double high, string expected)
    {
        var chart = new Chart("t", "d", [new LineLayer("l", [low, high], [1, 2])]) { Axis = ChartAxis.Count };
        CollectionAssert.AreEqual(expected.Split('|'), Labels(chart.ToSvg(Width, Height), "middle"));
    }

    [TestMethod]
    [DataRow("2019-01-01", "2024-09-30", "2019|2020|2021|2022|2023|2024")]
    [DataRow("2024-01-10", "2024-08-20", "2024-03|2024-05|2024-07")]
    [DataRow("2024-03-01", "2024-03-16", "2024-03-04|2024-03-11")]
    [DataRow("2024-03-01", "2024-03-02", "03-01 00:00|03-01 12:00|03-02 00:00")]
    [DataRow("1600-01-01", "2300-01-01", "1600|1700|1800|1900|2000|2100|2200|2300")]
    public void TimeTicks_OfAPeriod_AreRound(string from, string to, string expected)
    {
        double[] x = Chart.Seconds([Time(from), Time(to)]);
        var svg = new Chart("t", "d", [new LineLayer("l", x, [1, 2])]) { Axis = ChartAxis.Time }.ToSvg(Width, Height);
        var labels = Labels(svg, "middle");
        CollectionAssert.AreEqual(expected.Split('|'), labels, string.Join('|', labels));

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    [TestMethod]
    public void TickLabels_OfAnyPeriod_DoNotOverlap() => Gen.Select(Gen.Double[-5e9, 5e9], Gen.Double[0, 9]).Sample((start, power) =>
    {
        double[] x = [start, start + Math.Pow(10, power)];
        var svg = new Chart("t", "d", [new LineLayer("l", x, [1, 2])]) { Axis = ChartAxis.Time }.ToSvg(Width, Height);
        var texts = XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text" && e.Attribute("text-anchor")!.Value == "middle")
            .Select(e => (X: Parse(e.Attribute("x")!.Value), Half: e.Value.Length * 6.8 / 2)).ToArray();
        return texts.Zip(texts.Skip(1), (left, right) => left.X + left.Half < right.X - right.Half).All(apart => apart);
    });

    [TestMethod]
    public void Histogram_OfValues_CountsEachOnce() => Gen.Double[-50, 50].Array[1, 400].Sample(values =>
    {
        var bars = BarLayer.Histogram("h", values);
        return bars.Heights.Sum() == values.Length && bars.Left[0] <= values.Min() + 1e-9 && bars.Right[^1] >= values.Max() - 1e-9 &&
            bars.Heights.Length is >= 5 and <= 40;
    });

    [TestMethod]
    public void Histogram_OfKnownValues_HasTheHandCountedBins()
    {
        // Quartiles of 0, 1, ..., 8 are 2 and 6: the width is 2 * 4 / 9^(1/3) = 3.85, three bins, raised to five of 1.6.
        var bars = BarLayer.Histogram("h", Enumerable.Range(0, 9).Select(value => (double)value));
        CollectionAssert.AreEqual(new double[] { 2, 2, 1, 2, 2 }, bars.Heights);
    }

    [TestMethod]
    public void Layer_OfUnequalColumns_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new Chart("t", "d", [new LineLayer("odd", [1, 2], [1])]).ToSvg(Width, Height));
        StringAssert.Contains(error.Message, "'odd'");
    }

    [TestMethod]
    public void Line_GoingBackwards_IsRefused() => Assert.ThrowsExactly<ArgumentException>(
        () => new Chart("t", "d", [new LineLayer("l", [2, 1], [1, 2])]).ToSvg(Width, Height));

    [TestMethod]
    public void Svg_OfAHostileTitle_CarriesItAsText()
    {
        var svg = XDocument.Parse(new Chart("<b>&\"'\u0001", "</desc><x/>", []).ToSvg(Width, Height));
        Assert.AreEqual("<b>&\"'\ufffd", svg.Root!.Elements().First().Value);
        Assert.IsEmpty(svg.Descendants().Where(element => element.Name.LocalName == "x"));
    }

    private static ChartLayer[] Layers(double[] x, double[] y) =>
    [
        new LineLayer("line", x, y),
        new PointLayer("points", x, y),
        new BandLayer("band", x, y, [.. y.Select(value => value + Math.Abs(value))]),
        new BarLayer("bars", x, [.. x.Select(value => value + 1)], y),
    ];

    private static void CheckInside(Chart chart)
    {
        var svg = chart.ToSvg(Width, Height);
        var root = XDocument.Parse(svg).Root!;
        Assert.AreEqual($"0 0 {Width} {Height}", root.Attribute("viewBox")!.Value);
        foreach (var path in root.Elements().Where(element => element.Name.LocalName == "path"))
        {
            var data = path.Attribute("d")!.Value;
            Assert.DoesNotMatchRegex(NotANumber(), data);

            // The arcs of dots are relative; all else are places.
            foreach (Match number in Place().Matches(data.Split('a')[0]))
            {
                Assert.IsInRange(-1, Width + 1, Parse(number.Value), data);
            }
        }

        foreach (var text in root.Elements().Where(element => element.Name.LocalName == "text"))
        {
            Assert.IsInRange(0, Width, Parse(text.Attribute("x")!.Value), text.Value);
            Assert.IsInRange(0, Height, Parse(text.Attribute("y")!.Value), text.Value);
        }
    }

    private static string[] Labels(string svg, string anchor) =>
    [
        .. XDocument.Parse(svg).Descendants()
            .Where(element => element.Name.LocalName == "text" && element.Attribute("text-anchor")!.Value == anchor)
            .Select(element => element.Value),
    ];

    private static string Path(string svg, string kind) => XDocument.Parse(svg).Descendants()
        .Single(element => (element.Attribute("class")?.Value ?? string.Empty).StartsWith(kind + " ", StringComparison.Ordinal))
        .Attribute("d")!.Value;

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("NaN|nfinity|∞|[eE]", RegexOptions.NonBacktracking)]
    private static partial Regex NotANumber();

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
