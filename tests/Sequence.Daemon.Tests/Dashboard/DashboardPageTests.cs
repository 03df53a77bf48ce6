using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Jobs;

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
    public async Task Series_Watch_IsThatOfItsForecasts()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        var prices = Days.Prices(80);
        await daemon.PostAsync("a", Days.Array(prices, 0, 60));
        for (var day = 60; day < 80; day++)
        {
            await daemon.PostAsync("a", Days.Array(prices, day, 1));
        }

        await Until.TrueAsync(async () => (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").GetArrayLength() == 21);
        var (covered, whole) = (0, 0);
        List<double> errors = [];
        foreach (var forecast in (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").EnumerateArray())
        {
            var interval = forecast.GetProperty("intervals")[0];
            var outcomes = forecast.GetProperty("outcomes").EnumerateArray().ToArray();
            if (outcomes[0].ValueKind == System.Text.Json.JsonValueKind.Number)
            {
                errors.Add(Math.Abs(outcomes[0].GetDouble() - forecast.GetProperty("mean")[0].GetDouble()));
            }

            // Coverage is of forecasts whose every outcome is known.
            if (outcomes.All(one => one.ValueKind == System.Text.Json.JsonValueKind.Number))
            {
                whole++;
                covered += outcomes.Index().Count(one => one.Item.GetDouble() >= interval.GetProperty("lower")[one.Index].GetDouble()
                    && one.Item.GetDouble() <= interval.GetProperty("upper")[one.Index].GetDouble());
            }
        }

        var html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a/panels")).Body;
        var effective = (await daemon.GetAsync("/series/a/watch")).GetProperty("levels")[0].GetProperty("effective").GetDouble();
        var cells = Cells(html);
        Assert.AreEqual((20, 18), (errors.Count, whole));
        Assert.AreEqual("Mean absolute", cells[0]);
        Assert.AreEqual(errors.Average(), double.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture), 1e-4);
        CollectionAssert.AreEqual(new[] { "Outcomes", "20", "54" }, cells[12..15]);
        CollectionAssert.AreEqual(new[] { "50 %", $"{100.0 * covered / 54:0.0} %", "–", "too early", $"{effective:0.0} %" }, cells[15..20]);
        Assert.Contains("Nothing has drifted.", html);
    }

    [TestMethod]
    public async Task Series_ThatDrifts_SaysSince()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Watch = new WatchOptions { Window = 50, InputsEvery = 10, InputsPause = TimeSpan.Zero } });
        await daemon.PutAsync("a", Daily);
        await daemon.PostAsync("a", Days.Array(Days.Prices(160).Select((price, day) => (day, day < 100 ? price : 1000 + price))));
        var watch = await daemon.UntilAsync("/series/a/watch", report => report.GetProperty("findings").GetArrayLength() > 0);
        var lasting = watch.GetProperty("findings").EnumerateArray().Where(one => one.GetProperty("until").ValueKind == System.Text.Json.JsonValueKind.Null).ToArray();
        Assert.IsNotEmpty(lasting);
        var html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a/panels")).Body;
        Assert.Contains("Drifts now", html);
        Assert.Contains("<td class=\" best\">inputs</td>", html);
        foreach (var finding in lasting)
        {
            Assert.Contains($"<td class=\"\">{finding.GetProperty("at").GetDateTimeOffset():yyyy-MM-dd}</td>", html);
        }
    }

    [TestMethod]
    public async Task Series_OfARegisteredModel_ShowsItsVersionsAndJobs()
    {
        var documents = default(BreakableDocuments);
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, services => documents = BreakableDocuments.Replace(services), options => options with { Jobs = new JobOptions { AtOnce = 0 } });
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        (await daemon.AliasAsync("m", "challenger", second)).Json();
        await daemon.PutAsync("a", """{"frequency":"D","model":"model:m","horizon":2}""");
        await daemon.PutAsync("b", Daily);
        await daemon.PostAsync("a", Days.Array(Days.Prices(30), 0, 30));
        Assert.Contains("There are no jobs yet", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/jobs")).Body);
        Assert.Contains("was never trained here", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a")).Body);

        var queue = daemon.Services.GetRequiredService<JobQueue>();
        await queue.AddAsync((id, now) => new JobRecord(id, JobKind.Train, ["a"], [], "asked for <b>", now) { Model = "m" });
        await queue.AddAsync((id, now) => new JobRecord(id, JobKind.WalkForward, ["b"], [], "asked for", now));
        var held = await queue.ClaimAsync("node", CancellationToken.None);
        await queue.RenewAsync(held!, 0.25, CancellationToken.None);
        var html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a/panels")).Body;
        Assert.Contains($"title=\"{first}\"", html);
        Assert.Contains($"<td class=\" best\">champion</td>", html);
        Assert.Contains(">challenger<", html);
        Assert.Contains("the test needs", html);
        Assert.Contains("value=\"0.25\" aria-label=\"Progress: Training of m\">25 %</progress>", html);
        Assert.Contains("asked for &lt;b&gt;", html);
        Assert.DoesNotContain("Evaluation", html);
        Assert.DoesNotContain("Jobs of the model", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/b/panels")).Body);
        var jobs = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/jobs/list")).Body;
        Assert.IsLessThan(jobs.IndexOf("Training of m", StringComparison.Ordinal), jobs.IndexOf("Evaluation", StringComparison.Ordinal));

        // What cannot be read says so in its place, and the rest stays.
        documents!.IsAway = true;
        Assert.Contains("<p class=\"fault\">The documents are away.</p>", (await daemon.SendAsync(HttpMethod.Get, "/dashboard/jobs")).Body);
        html = (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a")).Body;
        Assert.Contains("<h2>Versions of the model</h2>\n<p>The documents are away.</p>", html);
        Assert.Contains("<h2>Jobs of the model</h2>\n<p>The documents are away.</p>", html);
        Assert.Contains("Newest forecast", html);
    }

    [TestMethod]
    public async Task Series_WhoseModelCannotBeUsed_ShowsWhatIsInTheStore()
    {
        var checkpoint = SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m","horizon":2}""");
            await daemon.PostAsync("a", Days.Array(Days.Prices(30), 0, 30));
            await daemon.UntilAsync("/series/a/forecasts", answer => answer.GetProperty("forecasts").GetArrayLength() > 0);
        }

        Directory.Delete(checkpoint, recursive: true);
        await using var without = await RunningDaemon.StartAsync(_folder.Path);
        var page = await without.SendAsync(HttpMethod.Get, "/dashboard/series/a");
        Assert.AreEqual(HttpStatusCode.OK, page.Status);
        Assert.Contains("Newest forecast", page.Body);
        Assert.Contains("<h2>Accuracy, coverage and drift</h2>\n<p>The model of series &#39;a&#39; cannot be used".Replace("&#39;", "'"), page.Body.Replace("&#39;", "'"));
    }

    [TestMethod]
    public async Task Pages_WithTheStoreAway_SayItWithinThePage()
    {
        var store = default(BreakableStore);
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path, services => store = BreakableStore.Replace(services));
        store!.IsAway = false;
        await daemon.PutAsync("a", Daily);
        store.IsGone = true;
        foreach (var path in (string[])["/dashboard", "/dashboard/series/a"])
        {
            var page = await daemon.SendAsync(HttpMethod.Get, path);
            Assert.AreEqual(HttpStatusCode.ServiceUnavailable, page.Status);
            Assert.Contains("<p class=\"fault\">The store is gone.</p>", page.Body);
            Assert.Contains("<nav aria-label=\"Pages\">", page.Body);
        }

        (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a/panels")).Refused(HttpStatusCode.ServiceUnavailable);
        store.IsGone = false;
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/dashboard/series/a")).Status);
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

    private static string[] Cells(string html) => [.. html.Split("<td class=\"").Skip(1).Select(cell => cell.Split('>')[1].Split('<')[0])];

    private static IEnumerable<string> Ids(string html) =>
        html.Split("<th scope=\"row\"><a href=\"/dashboard/series/").Skip(1).Select(row => row.Split('"')[0]);
}
