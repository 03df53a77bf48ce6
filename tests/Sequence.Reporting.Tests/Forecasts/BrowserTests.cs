namespace Sequence.Reporting.Tests.Forecasts;

/// <summary>The report as a browser sees it. Needs Chromium; CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
[TestClass]
public sealed class BrowserTests
{
    [TestMethod]
    public async Task Report_InHeadlessChromium_LogsNothingAndShowsItsCharts()
    {
        using var folder = new BrowserFolder();
        var page = await Demonstration.Create("<script>console.error('escaped?')</script>").WriteAsync(folder.Path);
        var (document, log) = Browser.Open(page, folder.Path);
        Assert.DoesNotContain("CONSOLE", log);
        Assert.IsGreaterThanOrEqualTo(4, document.Split("<svg", StringSplitOptions.None).Length - 1);
        Assert.Contains("</html>", document);
    }

    /// <summary>Without this the test above could pass because nothing is ever logged.</summary>
    [TestMethod]
    public async Task FaultyPage_InHeadlessChromium_IsLogged()
    {
        using var folder = new BrowserFolder();
        var page = Path.Combine(folder.Path, "faulty.html");
        await File.WriteAllTextAsync(page, "<html><script>console.error('seen')</script></html>");
        Assert.Contains("CONSOLE", Browser.Open(page, folder.Path).Log);
    }
}
