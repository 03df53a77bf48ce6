using Microsoft.Playwright;

namespace Sequence.Daemon.Tests;

/// <summary>The distribution's Chromium, driven.</summary>
internal sealed class Chromium : IAsyncDisposable
{
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
        var program = ChromiumProgram.Require();

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
