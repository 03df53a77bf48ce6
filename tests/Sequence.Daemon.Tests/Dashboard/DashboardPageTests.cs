using System.Net;

namespace Sequence.Daemon.Tests.Dashboard;

[TestClass]
public sealed class DashboardPageTests : IDisposable
{
    private const string Daily = """{"frequency":"D","model":"persistence","horizon":3,"levels":[50]}""";

    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Root_LeadsToTheListOfSeries()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        using var response = await daemon.Client.GetAsync("/");
        Assert.AreEqual("/dashboard", response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.AreEqual("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("There are no series yet", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task List_OfManySeries_IsSearchedAndComesInParts()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        for (var number = 0; number < 60; number++)
        {
            await daemon.PutAsync($"shop-{number:00}", Daily);
        }

        List<string> seen = [];
        var path = "/dashboard/";
        for (var part = 0; part < 3; part++)
        {
            var html = (await daemon.SendAsync(HttpMethod.Get, path)).Body;
            seen.AddRange(Ids(html));
            path = html.Contains("rel=\"next\"", StringComparison.Ordinal) ? WebUtility.HtmlDecode(html.Split("rel=\"next\" href=\"")[1].Split('"')[0]) : string.Empty;
        }

        Assert.AreEqual(string.Empty, path);
        CollectionAssert.AreEqual(Enumerable.Range(0, 60).Select(number => $"shop-{number:00}").ToArray(), seen);
        CollectionAssert.AreEqual(new[] { "shop-05", "shop-15", "shop-25", "shop-35", "shop-45", "shop-50", "shop-51", "shop-52", "shop-53", "shop-54", "shop-55", "shop-56", "shop-57", "shop-58", "shop-59" },
            Ids((await daemon.SendAsync(HttpMethod.Get, "/dashboard/list?search=5")).Body).ToArray());
        CollectionAssert.AreEqual(new[] { "shop-07" }, Ids((await daemon.SendAsync(HttpMethod.Get, "/dashboard/list?search=OP-07")).Body).ToArray());
    }

    [TestMethod]
    public async Task Search_OfMarkup_IsTextOnThePage()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard?search=" + Uri.EscapeDataString("\"><script>alert(1)</script>"))).Body;
        Assert.DoesNotContain("<script>alert", html);
        Assert.Contains("&lt;script&gt;", html);
    }

    [TestMethod]
    public async Task Series_Coverage_IsThatOfItsForecasts()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        var prices = Days.Prices(80);
        await daemon.PostAsync("a", Days.Array(prices, 0, 60));
        for (var day = 60; day < 80; day++)
        {
            await daemon.PostAsync("a", Days.Array(prices, day, 1));
        }

        await RunningDaemon.UntilAsync(async () => (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").GetArrayLength() == 21);
        var (first, covered, all) = (0, 0, 0);
        foreach (var forecast in (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").EnumerateArray())
        {
            var interval = forecast.GetProperty("intervals")[0];
            for (var step = 0; step < 3; step++)
            {
                if (forecast.GetProperty("outcomes")[step].ValueKind == System.Text.Json.JsonValueKind.Number)
                {
                    var outcome = forecast.GetProperty("outcomes")[step].GetDouble();
                    var isInside = outcome >= interval.GetProperty("lower")[step].GetDouble() && outcome <= interval.GetProperty("upper")[step].GetDouble();
                    first += step == 0 && isInside ? 1 : 0;
                    covered += isInside ? 1 : 0;
                    all++;
                }
            }
        }

        var html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a/panels")).Body;
        var cells = html.Split("<td class=\"").Skip(1).Select(cell => cell.Split('>')[1].Split('<')[0]).ToArray();
        CollectionAssert.AreEqual(new[] { "50 %", $"{100.0 * first / 20:0.0}%", "20", $"{100.0 * covered / all:0.0}%", $"{all}" }, cells);
        Assert.AreEqual((20 + 19 + 18), all);
    }

    [TestMethod]
    public async Task Series_WithoutObservationsOrForecast_SaysSo()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"seasonal-naive"}""");
        Assert.Contains("There are no observations yet", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a")).Body);
        await daemon.PostAsync("a", Days.Array([(0, 1.5)]));
        Assert.Contains("There is no forecast yet", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a")).Body);
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("..%2Fa")]
    [DataRow("%3Cscript%3E")]
    public async Task Series_ThatDoesNotExist_IsNotFound(string id)
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        (await daemon.SendAsync(HttpMethod.Get, $"/dashboard/series/{id}")).Refused(HttpStatusCode.NotFound);
    }

    [TestMethod]
    public async Task Pages_SwitchedOff_AreNotThere()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Dashboard = new DashboardOptions { Enabled = false } });
        Assert.AreEqual(HttpStatusCode.NotFound, (await daemon.SendAsync(HttpMethod.Get, "/dashboard")).Status);
        Assert.AreEqual(HttpStatusCode.NotFound, (await daemon.SendAsync(HttpMethod.Get, "/orleans/")).Status);
    }

    [TestMethod]
    public async Task Orleans_SwitchedOn_IsServed()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Dashboard = new DashboardOptions { Orleans = true } });
        var page = await daemon.SendAsync(HttpMethod.Get, "/orleans/");
        Assert.AreEqual(HttpStatusCode.OK, page.Status);
        Assert.Contains("<html", page.Body);
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/orleans/DashboardCounters")).Status);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Ids(string html) =>
        html.Split("<th scope=\"row\"><a href=\"/dashboard/series/").Skip(1).Select(row => row.Split('"')[0]);
}
