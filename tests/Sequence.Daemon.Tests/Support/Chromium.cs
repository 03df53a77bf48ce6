using Microsoft.Playwright;

namespace Sequence.Daemon.Tests;

/// <summary>The distribution's Chromium, driven. CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _driver;

    private Chromium(IPlaywright driver, IBrowser browser)
    {
        _driver = driver;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    /// <summary>Starts it, or ends the test without a verdict where there is none.</summary>
    public static async Task<Chromium> StartAsync()
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

        var driver = await Playwright.CreateAsync();
        try
        {
            return new Chromium(driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            }));
        }
        catch
        {
            driver.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _driver.Dispose();
    }
}
