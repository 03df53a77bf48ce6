namespace Sequence.Reporting.Tests.Backtests;

/// <summary>The tear sheet as a browser sees it. Needs Chromium; CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
[TestClass]
public sealed class BrowserTests
{
    [TestMethod]
    public async Task TearSheet_InHeadlessChromium_LogsNothingAndShowsItsCharts()
    {
        using var folder = new BrowserFolder();
        var page = await Demonstration.Create("<script>console.error('escaped?')</script>").WriteAsync(folder.Path);
        var (document, log) = Browser.Open(page, folder.Path);
        Assert.DoesNotContain("CONSOLE", log);
        Assert.IsGreaterThanOrEqualTo(12, document.Split("<svg", StringSplitOptions.None).Length - 1);
        Assert.Contains("</html>", document);
    }
}
