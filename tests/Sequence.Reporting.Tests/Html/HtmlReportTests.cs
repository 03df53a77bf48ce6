namespace Sequence.Reporting.Tests.Html;

[TestClass]
public sealed class HtmlReportTests
{
    [TestMethod]
    [DataRow(new[] { 26.091, 1234.5 }, "26.1", "1,234.5")]
    [DataRow(new[] { 0.00012345, -0.5 }, "0.00012", "\u22120.50000")]
    [DataRow(new[] { 1e-7, 2.5e-8 }, "1.0000e\u22127", "2.5000e\u22128")]
    [DataRow(new[] { 3.0, 1500000 }, "3", "1,500,000")]
    [DataRow(new[] { 1.5e300, double.NaN }, "1.5000e300", "\u2013")]
    [DataRow(new[] { 0.0, 0.0 }, "0", "0")]
    public void Numbers_OfOneColumn_ShareTheirDecimals(double[] numbers, string first, string second)
    {
        var table = new ReportTable(["x"], [.. numbers.Select(number => new ReportRow([new ReportCell(number)]))]);
        var html = new HtmlReport("t").AddTable(table).ToHtml();
        var cells = html.Split("<td class=\"number\">").Skip(1)
            .Select(cell => System.Net.WebUtility.HtmlDecode(cell[..cell.IndexOf("</td>", StringComparison.Ordinal)])).ToArray();
        CollectionAssert.AreEqual(new[] { first, second }, cells);
    }

    [TestMethod]
    public void Table_WithARowTooShort_IsRefused() => Assert.ThrowsExactly<ArgumentException>(
        () => new HtmlReport("t").AddTable(new ReportTable(["a", "b"], [new ReportRow([new ReportCell("only")])])));

    [TestMethod]
    public void Legend_OfSeveralLayers_NamesEachOnce()
    {
        var chart = new Chart("c", "d", [new LineLayer("first", [0, 1], [0, 1]), new LineLayer("second", [0, 1], [1, 0])]);
        var html = new HtmlReport("t").AddChart(chart).ToHtml();
        Assert.HasCount(3, html.Split("<li>"));
        StringAssert.Contains(html, "</svg>first</li>");
        StringAssert.Contains(html, "</svg>second</li>");
    }
}
