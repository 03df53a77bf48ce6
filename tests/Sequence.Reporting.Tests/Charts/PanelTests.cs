using System.Xml.Linq;

namespace Sequence.Reporting.Tests.Charts;

[TestClass]
public sealed class PanelTests
{
    [TestMethod]
    public void Panels_OfDifferentLabelsAndSpans_ShareTheirHorizontalAxis()
    {
        var html = new HtmlReport("t").AddCharts(
        [
            new Chart("first", "d", [new LineLayer("l", [0, 100], [0, 5_000_000])]),
            new Chart("second", "d", [new LineLayer("l", [50, 60], [0, 1])]),
        ]).ToHtml();
        var document = XDocument.Parse(html["<!DOCTYPE html>".Length..]);
        var charts = document.Descendants().Where(element => element.Attribute("role")?.Value == "img").ToArray();
        Assert.HasCount(4, charts);
        CollectionAssert.AreEqual(Ticks(charts[0]), Ticks(charts[2]), "wide");
        CollectionAssert.AreEqual(Ticks(charts[1]), Ticks(charts[3]), "narrow");
        Assert.IsGreaterThan(2, Ticks(charts[0]).Length);
        Assert.HasCount(1, document.Descendants().Where(element => element.Name.LocalName == "figure"));
    }

    [TestMethod]
    public void Markers_InThousands_AreThinnedToWhatCanBeSeen()
    {
        var x = Enumerable.Range(0, 20_000).Select(index => (double)index).ToArray();
        var svg = new Chart("t", "d", [new PointLayer("p", x, [.. x.Select(value => Math.Sin(value / 3000))]) { Shape = PointShape.Up }]).ToSvg(860, 320);
        var markers = svg.Split("l4.5 8h-9Z").Length - 1;
        Assert.IsInRange(150, 500, markers);
    }

    [TestMethod]
    public void Markers_OfBothShapes_PointAtTheirPoint()
    {
        var svg = XDocument.Parse(new Chart(
            "t",
            "d",
            [
                new PointLayer("up", [1], [2]) { Shape = PointShape.Up },
                new PointLayer("down", [1], [2]) { Shape = PointShape.Down },
                new PointLayer("dot", [1], [2]),
            ]).ToSvg(400, 300));
        var places = svg.Descendants().Where(element => element.Attribute("class")?.Value is "marker c0" or "marker c1" or "dot c2")
            .Select(element => element.Attribute("d")!.Value.Split('l', 'h')[0]).ToArray();
        Assert.HasCount(3, places);
        Assert.HasCount(1, places.Distinct());
    }

    /// <summary>Places and labels of the ticks below.</summary>
    private static string[] Ticks(XElement chart) =>
    [
        .. chart.Elements().Where(element => element.Attribute("text-anchor")?.Value == "middle")
            .Select(element => $"{element.Attribute("x")!.Value}: {element.Value}"),
    ];
}
