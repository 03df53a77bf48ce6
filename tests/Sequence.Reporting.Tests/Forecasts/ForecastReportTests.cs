using System.Xml;
using System.Xml.Linq;
using CsCheck;

namespace Sequence.Reporting.Tests.Forecasts;

[TestClass]
public sealed class ForecastReportTests
{
    private const string Hostile = "<script>alert('x')</script> & \"quotes\" \0\u001b\ud800 ]]>";

    [TestMethod]
    public async Task WriteAsync_OfEveryPart_LeavesOneFileThatAsksForNothing()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "demonstration");
        var path = await Demonstration.Create().WriteAsync(folder);
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFileSystemEntries(folder));

        var html = await File.ReadAllTextAsync(path);
        var page = Page(html);
        Assert.HasCount(10, Elements(page, "svg").Where(svg => svg.Attribute("role") is not null).ToArray());
        Assert.HasCount(7, Elements(page, "h2").ToArray());
        Assert.IsEmpty(Elements(page, "script"));
        Assert.IsEmpty(Elements(page, "img"));
        foreach (var attribute in page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"))
        {
            Assert.AreEqual("data:,", attribute.Value);
        }

        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain("NaN", html);
    }

    [TestMethod]
    public void Page_OfHostileNames_ShowsThemAsText()
    {
        var report = Demonstration.Create(Hostile);
        report = report with
        {
            Subtitle = Hostile,
            Target = Hostile,
            Evaluation = Hostile,
            Data = [new(Hostile, Hostile)],
            Provenance = [new(Hostile, Hostile)],
            Measures = [new(Hostile)],
            Models = [new(Hostile, true, [1]), new(Hostile, false, [2])],
            Forecast = report.Forecast! with { Model = Hostile },
            ErrorsByHorizon = [new(Hostile, true, [1, 2]), new(Hostile, false, [1, 2])],
            Residuals = report.Residuals! with { Model = Hostile },
            Training = [report.Training[0] with { Model = Hostile }],
        };
        var page = Page(report.ToHtmlReport().ToHtml());
        Assert.IsEmpty(Elements(page, "script"));
        Assert.AreEqual(
            "Forecast of <script>alert('x')</script> & \"quotes\" \ufffd\ufffd\ufffd ]]>", Elements(page, "h1").Single().Value);
    }

    [TestMethod]
    [DataRow(0, "start kept")]
    [DataRow(2, "best epoch 2")]
    public void TrainingChart_OfTheEpochKept_MarksIt(int best, string mark)
    {
        var report = Demonstration.Create();
        report = report with { Training = [report.Training[0] with { BestEpoch = best }] };
        Assert.IsTrue(Elements(Page(report.ToHtmlReport().ToHtml()), "text").Any(text => text.Value == mark));
    }

    [TestMethod]
    public void Table_OfModels_SetsOffTheBestAndMarksBaselines()
    {
        var report = new ForecastReport
        {
            Title = "t",
            Target = "y",
            Measures = [new("MAE"), new("hits", MeasureGoal.Highest), new("seconds", MeasureGoal.None)],
            Models =
            [
                new("persistence", true, [26.091, 50, 0]), new("lstm", false, [24.5, 49, 1.5]), new("broken", false, [double.NaN, 48, 2]),
            ],
        };
        var page = Page(report.ToHtmlReport().ToHtml());
        var best = Elements(page, "td").Where(cell => cell.Attribute("class")!.Value.Contains("best")).Select(cell => cell.Value);
        CollectionAssert.AreEqual(new[] { "50", "24.500" }, best.ToArray());
        Assert.AreEqual("persistence (baseline)", Elements(page, "td").First().Value);
        Assert.HasCount(1, Elements(page, "tr").Where(row => row.Attribute("class")?.Value == "muted").ToArray());
        Assert.HasCount(1, Elements(page, "td").Where(cell => cell.Value == "\u2013").ToArray());
    }

    [TestMethod]
    public void Page_OfNothingButATitle_HasNoCharts()
    {
        var page = Page(new ForecastReport { Title = "empty", Target = "y" }.ToHtmlReport().ToHtml());
        Assert.IsEmpty(Elements(page, "svg"));
        Assert.AreEqual("empty", Elements(page, "h1").Single().Value);
    }

    [TestMethod]
    public void Page_OfAModelWithTooFewValues_IsRefused() => Assert.ThrowsExactly<ArgumentException>(() => new ForecastReport
    {
        Title = "t",
        Target = "y",
        Measures = [new("MAE")],
        Models = [new("a", false, [])],
    }.ToHtmlReport());

    [TestMethod]
    public void Page_OfAnyText_IsWellFormed() => Gen.String.Sample(text =>
    {
        var page = Page(new HtmlReport(text, text).AddHeading(text).AddParagraph(text).AddFacts([new(text, text)]).ToHtml());
        Assert.IsEmpty(Elements(page, "script"));
    });

    [TestMethod]
    public async Task WriteAsync_ToAFolderThatIsAFile_IsAClearErrorAndLeavesTheFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "mine");
            var report = new ForecastReport { Title = "t", Target = "y" };
            var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => report.WriteAsync(file));
            StringAssert.Contains(error.Message, "cannot be written");
            Assert.AreEqual("mine", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public async Task WriteAsync_Cancelled_LeavesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("sequence-report-");
        try
        {
            var report = new ForecastReport { Title = "t", Target = "y" };
            await Assert.ThrowsAsync<OperationCanceledException>(
                () => report.WriteAsync(folder.FullName, new CancellationToken(canceled: true)));
            Assert.IsEmpty(folder.GetFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static XDocument Page(string html)
    {
        using var reader = XmlReader.Create(
            new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }

    private static IEnumerable<XElement> Elements(XDocument page, string name) =>
        page.Descendants().Where(element => element.Name.LocalName == name);
}
