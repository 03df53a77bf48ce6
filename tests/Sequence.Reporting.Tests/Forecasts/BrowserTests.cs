using System.Diagnostics;

namespace Sequence.Reporting.Tests.Forecasts;

/// <summary>The report as a browser sees it. Needs Chromium; CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
[TestClass]
public sealed class BrowserTests
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    [TestMethod]
    public async Task Report_InHeadlessChromium_LogsNothingAndShowsItsCharts()
    {
        using var folder = new Folder();
        var page = await Demonstration.Create("<script>console.error('escaped?')</script>").WriteAsync(folder.Path);
        var (document, log) = Open(page, folder.Path);
        Assert.DoesNotContain("CONSOLE", log);
        Assert.IsGreaterThanOrEqualTo(4, document.Split("<svg", StringSplitOptions.None).Length - 1);
        Assert.Contains("</html>", document);
    }

    /// <summary>Without this the test above could pass because nothing is ever logged.</summary>
    [TestMethod]
    public async Task FaultyPage_InHeadlessChromium_IsLogged()
    {
        using var folder = new Folder();
        var page = Path.Combine(folder.Path, "faulty.html");
        await File.WriteAllTextAsync(page, "<html><script>console.error('seen')</script></html>");
        Assert.Contains("CONSOLE", Open(page, folder.Path).Log);
    }

    private static (string Document, string Log) Open(string page, string folder)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(directory => Names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            const string Reason = "Chromium is not installed.";
            if (Environment.GetEnvironmentVariable("SEQUENCE_REQUIRE_CHROMIUM") is { Length: > 0 })
            {
                Assert.Fail(Reason);
            }

            Assert.Inconclusive(Reason);
        }

        using var process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", "--dump-dom",
            $"--user-data-dir={Path.Combine(folder, "profile")}", new Uri(page).AbsoluteUri,
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var document = process.StandardOutput.ReadToEndAsync();
        var log = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("Chromium did not end within a minute.");
        }

        return (document.GetAwaiter().GetResult(), log.GetAwaiter().GetResult());
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sequence-browser-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
