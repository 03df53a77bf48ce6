using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Tests.Dashboard;

[TestClass]
public sealed class DashboardBrowserTests : IDisposable
{
    private const int Length = 240;

    private static Chromium? _chromium;

    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public async Task StartAsync() => _chromium ??= await Chromium.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }
    }

    [TestMethod]
    [DataRow(1280, ColorScheme.Light, false)]
    [DataRow(390, ColorScheme.Dark, true)]
    public async Task Dashboard_InABrowser_FindsASeriesAndFollowsIt(int width, ColorScheme scheme, bool signsIn)
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path, change: WithoutWork);
        await FillAsync(daemon);
        var key = signsIn ? await KeyAsync(daemon) : null;
        var context = await _chromium!.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        List<string> faults = [];
        page.Console += (_, message) => faults.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => faults.Add(error);
        page.RequestFailed += (_, request) => faults.Add($"failed: {request.Url} {request.Failure}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(daemon.Addresses[0], StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                faults.Add($"request to {request.Url}");
            }
        };

        await page.GotoAsync(daemon.Addresses[0]);
        if (key is not null)
        {
            Assert.Contains("/sign-in", page.Url);
            await NoSidewaysAsync(page);
            await page.GetByLabel("Key").FillAsync(key);
            await page.GetByLabel("Key").PressAsync("Enter");
            await page.WaitForURLAsync("**/dashboard**");
        }

        Assert.AreEqual(25, await page.Locator("tbody tr").CountAsync());
        await NoSidewaysAsync(page);
        await ShotAsync(page, $"list-{width}");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("demand-07");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "demand-07" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "demand-07" }).WaitForAsync();
        await page.Locator("#status.on").WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Accuracy, coverage and drift" }).WaitForAsync();
        Assert.IsTrue(await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "kept" }).First.IsVisibleAsync());
        Assert.IsTrue(await page.GetByText("errors: Page-Hinkley").IsVisibleAsync());
        await NoSidewaysAsync(page);
        await ShotAsync(page, $"series-{width}");

        var fan = page.Locator(width > 640 ? "figure .wide svg" : "figure .narrow svg").First;
        var before = await fan.InnerHTMLAsync();
        Assert.Contains("class=\"band", before);
        var url = page.Url;
        await daemon.PostAsync("demand-07", Days.Array([(Length, 141)]));
        await page.Locator("#live[data-drawn]").WaitForAsync();
        Assert.AreNotEqual(before, await fan.InnerHTMLAsync());
        Assert.IsTrue(await page.GetByText($"Made after {Days.First.AddDays(Length):yyyy-MM-dd}").IsVisibleAsync());
        Assert.AreEqual(url, page.Url);

        var queue = daemon.Services.GetRequiredService<JobQueue>();
        await queue.AddAsync((id, now) => new JobRecord(id, JobKind.Train, ["demand-07"], [], "asked for", now) { Model = "demand" });
        var held = await queue.ClaimAsync("node", CancellationToken.None);
        await queue.RenewAsync(held!, 0.25, CancellationToken.None);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Jobs" }).ClickAsync();
        var progress = page.GetByRole(AriaRole.Progressbar, new PageGetByRoleOptions { Name = "Progress: Training of demand" });
        Assert.AreEqual("0.25", await progress.GetAttributeAsync("value"));
        await NoSidewaysAsync(page);
        await queue.RenewAsync(held!, 0.75, CancellationToken.None);
        await page.Locator("progress[value='0.75']").WaitForAsync();
        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    [TestMethod]
    public async Task Dashboard_WithoutScripts_IsWhole()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await FillAsync(daemon, 8);
        var context = await _chromium!.Browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{daemon.Addresses[0]}/dashboard?search=07");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "demand-07" }).ClickAsync();
        Assert.IsTrue(await page.Locator("figure .wide svg").First.IsVisibleAsync());
        Assert.IsTrue(await page.GetByText("Load the page again").IsVisibleAsync());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Jobs are only taken by the test.</summary>
    private static DaemonOptions WithoutWork(DaemonOptions options) => options with { Jobs = new JobOptions { AtOnce = 0 } };

    /// <summary>From here on keys are asked for; the client of the test has one that may write.</summary>
    /// <returns>One that may read.</returns>
    private async Task<string> KeyAsync(RunningDaemon daemon)
    {
        var keys = new KeyFile(_folder.Path);
        daemon.Client.DefaultRequestHeaders.Authorization = new("Bearer", await keys.AddAsync("writer", KeyScopes.Write, TimeProvider.System));
        return await keys.AddAsync("reader", KeyScopes.Read, TimeProvider.System);
    }

    private static async Task FillAsync(RunningDaemon daemon, int count = 26)
    {
        for (var number = 0; number < count; number++)
        {
            var model = number == 7 ? "theta" : "persistence";
            await daemon.PutAsync($"demand-{number:00}", $$"""{"frequency":"D","model":"{{model}}","horizon":7,"levels":[50,80,95]}""");
        }

        var prices = Days.Prices(Length).Select((price, day) => price + (0.1 * day) + (5 * Math.Sin(2 * Math.PI * day / 30))).ToArray();
        for (var number = 0; number < count; number++)
        {
            await daemon.PostAsync($"demand-{number:00}", Days.Array(prices, 0, number == 7 ? 167 : 30 + number));
        }

        for (var day = 167; day < Length; day++)
        {
            await daemon.PostAsync("demand-07", Days.Array(prices, day, 1));
        }
    }

    private static async Task NoSidewaysAsync(IPage page) => Assert.AreEqual(
        0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"), page.Url);

    /// <summary>A picture to be looked at, where one is asked for.</summary>
    private static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SEQUENCE_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
