using System.Net;
using System.Text;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Http;

[TestClass]
public sealed class BadInputTests
{
    private const string Series = """{"frequency":"D","model":"drift"}""";

    private static TemporaryFolder _folder = null!;
    private static RunningDaemon _daemon = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _folder = new TemporaryFolder();
        _daemon = await RunningDaemon.StartAsync(_folder.Path);
        await _daemon.PutAsync("a", Series);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    [TestMethod]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":NaN}]""", "breaks at observation 0")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":"NaN"}]""", "value of observation 0")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1},{"time":"2026-01-02T00:00:00Z","value":1e999}]""", "value of observation 1")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":null}]""", "value of observation 0")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":[[[[1]]]]}]""", "value of observation 0")]
    [DataRow("""[{"time":"2026-01-01T00:00:00","value":1}]""", "with an offset")]
    [DataRow("""[{"time":20260101,"value":1}]""", "time of observation 0")]
    [DataRow("""[{"time":"2026-13-01T00:00:00Z","value":1}]""", "time of observation 0")]
    [DataRow("""[{"value":1}]""", "no time")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z"}]""", "no value")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1,"value":2}]""", "given twice")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1,"sequence":1.5}]""", "sequence of observation 0")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1,"colour":"red"}]""", "unknown")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1}""", "breaks at observation")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1}] x""", "breaks at observation")]
    [DataRow("""[{"time":"2026-01-01T00:00:00Z","value":1},{"time":"2026-01-02T01:00:00Z","value":1}]""", "no whole number of steps of D")]
    [DataRow("{}", "no JSON array")]
    [DataRow("[]", "no observation")]
    [DataRow("[1]", "no JSON object")]
    [DataRow("", "")]
    public async Task Append_OfWrongJson_SaysWhatIsWrongAndStoresNothing(string body, string reason)
    {
        var refusal = (await _daemon.SendAsync(HttpMethod.Post, "/series/a/observations", body)).Refused(HttpStatusCode.BadRequest);
        Assert.Contains(reason, refusal);
        Assert.AreEqual(0, (await _daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());
    }

    [TestMethod]
    public async Task Append_OfTooMuch_IsRefused()
    {
        var many = Days.Array(Enumerable.Range(0, 10_001).Select(day => (day, 1.0)));
        Assert.Contains("more than 10000", (await _daemon.SendAsync(HttpMethod.Post, "/series/a/observations", many)).Refused(HttpStatusCode.BadRequest));
        using (var huge = new HttpRequestMessage(HttpMethod.Post, "/series/a/observations") { Content = new ByteArrayContent(new byte[5_000_000]) })
        {
            // Asks before it sends, so that the refusal does not meet a body on its way.
            huge.Headers.ExpectContinue = true;
            huge.Content.Headers.ContentType = new("application/json");
            using var refusal = await _daemon.Client.SendAsync(huge);
            Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, refusal.StatusCode);
        }

        var deep = new string('[', 100_000);
        (await _daemon.SendAsync(HttpMethod.Post, "/series/a/observations", deep)).Refused(HttpStatusCode.BadRequest);
    }

    [TestMethod]
    public async Task Append_OfLines_IsTheSameAsOfAnArray()
    {
        await _daemon.PutAsync("lines", Series);
        var lines = $"{Days.One(0, 1)}\n\n{Days.One(1, 2)}\r\n";
        var answer = await _daemon.SendAsync(HttpMethod.Post, "/series/lines/observations", lines, "application/x-ndjson");
        Assert.AreEqual(2, answer.Json().GetProperty("added").GetInt32());
        Assert.AreEqual(2, (await _daemon.PostAsync("lines", Days.Array([(0, 1), (1, 2)]))).GetProperty("duplicates").GetInt32());
        var broken = await _daemon.SendAsync(HttpMethod.Post, "/series/lines/observations", $"{Days.One(2, 1)}\n{{\n", "application/x-ndjson");
        Assert.Contains("observation 1", broken.Refused(HttpStatusCode.BadRequest));
    }

    [TestMethod]
    public async Task Append_OfMinusZero_IsZeroBeforeARestartAndAfterIt()
    {
        await _daemon.PutAsync("plus", Series);
        await _daemon.PutAsync("minus", Series);
        var plus = await _daemon.PostAsync("plus", """[{"time":"2026-01-01T00:00:00Z","value":0}]""");
        var minus = await _daemon.PostAsync("minus", """[{"time":"2026-01-01T00:00:00Z","value":-0.0}]""");
        Assert.AreEqual(plus.GetProperty("stateHash").GetString(), minus.GetProperty("stateHash").GetString());
    }

    [TestMethod]
    [DataRow("text/plain")]
    [DataRow("application/x-www-form-urlencoded")]
    public async Task Append_OfWhatABrowserSendsUnasked_IsRefused(string type) =>
        (await _daemon.SendAsync(HttpMethod.Post, "/series/a/observations", "[]", type)).Refused(HttpStatusCode.UnsupportedMediaType);

    [TestMethod]
    [DataRow("b", """{"frequency":"D"}""", "describes no series")]
    [DataRow("b", """{"frequency":"D","model":null}""", "describes no series")]
    [DataRow("b", """{"frequency":"D","model":"drift","size":3}""", "describes no series")]
    [DataRow("b", """{"frequency":"D","model":"drift","horizon":"3"}""", "describes no series")]
    [DataRow("b", """{"frequency":"D","model":"drift","levels":[[[[[1]]]]]}""", "describes no series")]
    [DataRow("b", """{"frequency":"fortnight","model":"drift","horizon":0,"levels":[100]}""", "The levels are")]
    [DataRow("b", """{"frequency":"D","model":"oracle"}""", "no baseline 'oracle'")]
    [DataRow("b", """{"frequency":"D","model":"mean-0"}""", "")]
    [DataRow("b", """{"frequency":"D","model":"ar-0"}""", "")]
    [DataRow("b", """{"frequency":"D","model":"theta-0"}""", "")]
    [DataRow("b", """{"frequency":"D","model":"seasonal-naive-2000000000"}""", "at most")]
    [DataRow("b", """{"frequency":"D","model":"checkpoint:../../etc"}""", "no name of a checkpoint")]
    [DataRow("b", """{"frequency":"D","model":"checkpoint:none"}""", "none")]
    [DataRow("-b", Series, "beginning with a letter")]
    [DataRow("b%2F..%2Fc", Series, "beginning with a letter")]
    public async Task Create_OfWhatCannotBe_SaysWhy(string id, string body, string reason)
    {
        Assert.Contains(reason, (await _daemon.SendAsync(HttpMethod.Put, $"/series/{id}", body)).Refused(HttpStatusCode.BadRequest));
        (await _daemon.SendAsync(HttpMethod.Get, "/series/b")).Refused(HttpStatusCode.NotFound);
    }

    [TestMethod]
    public async Task Create_OfAnotherUnderTheSameId_IsAConflict() => Assert.Contains(
        "exists with frequency D",
        (await _daemon.SendAsync(HttpMethod.Put, "/series/a", """{"frequency":"H","model":"drift"}""")).Refused(HttpStatusCode.Conflict));

    [TestMethod]
    [DataRow("/series/a/forecast?horizon=x")]
    [DataRow("/series/a/forecast?horizon=0")]
    [DataRow("/series/a/forecast?horizon=99999999999")]
    [DataRow("/series/a/forecast?levels=80,120")]
    [DataRow("/series/a/forecast?levels=NaN")]
    [DataRow("/series/a/forecasts?limit=0")]
    [DataRow("/series/a/observations?limit=1000000")]
    [DataRow("/series/a/observations?after=yesterday")]
    [DataRow("/series?limit=-1")]
    public async Task Get_OfWrongParameters_IsRefused(string path) =>
        Assert.AreNotEqual(string.Empty, (await _daemon.SendAsync(HttpMethod.Get, path)).Refused(HttpStatusCode.BadRequest));

    [TestMethod]
    public async Task Get_OfASeriesThatIsNot_IsNotFound()
    {
        foreach (var path in (string[])["", "/forecast", "/forecasts", "/observations"])
        {
            Assert.Contains("PUT /series/none", (await _daemon.SendAsync(HttpMethod.Get, $"/series/none{path}")).Refused(HttpStatusCode.NotFound));
        }
    }

    [TestMethod]
    public async Task Forecast_BeforeThereIsOne_SaysWhatIsMissing()
    {
        await _daemon.PutAsync("empty", Series);
        Assert.Contains("no observations", (await _daemon.SendAsync(HttpMethod.Get, "/series/empty/forecast")).Refused(HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task Forecast_OfValuesOutOfAllProportion_IsNoServerError()
    {
        await _daemon.PutAsync("huge", Series);
        await _daemon.PostAsync("huge", Days.Array([(0, -1.7e308), (1, 1.7e308)]));
        Assert.Contains("range of numbers", (await _daemon.SendAsync(HttpMethod.Get, "/series/huge/forecast")).Refused(HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task Request_ForAnotherHost_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/series");
        request.Headers.Host = "evil.example";
        using var response = await _daemon.Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [TestMethod]
    public async Task Document_OfTheInterface_NamesEveryPath()
    {
        var paths = (await _daemon.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimEnd('/')).ToArray();
        CollectionAssert.AreEquivalent(
            new[]
            {
                "/series", "/series/{id}", "/series/{id}/observations", "/series/{id}/forecast", "/series/{id}/forecasts",
                "/series/{id}/events", "/series/{id}/watch", "/events", "/watch",
                "/models", "/models/{name}", "/models/{name}/versions", "/models/{name}/versions/{version}", "/models/{name}/aliases/{alias}",
                "/models/{name}/rollback", "/models/{name}/promote", "/models/{name}/train", "/jobs", "/jobs/{id}", "/jobs/walk-forward",
                "/health/live", "/health/ready", "/metrics", "/sign-in", "/sign-out",
                "/dashboard", "/dashboard/list", "/dashboard/series/{id}", "/dashboard/series/{id}/panels",
                "/dashboard/jobs", "/dashboard/jobs/list",
            },
            paths);
    }

    [TestMethod]
    public async Task Requests_OfDamagedBodies_NeverFailTheDaemon()
    {
        await _daemon.PutAsync("damaged", Series);
        var random = new CounterRandom(7);
        var good = Encoding.ASCII.GetBytes(Days.Array([(0, 1.5), (1, -2e3)]));
        for (var request = 0; request < 300; request++)
        {
            var body = good.ToArray();
            for (var damage = 0; damage < 3; damage++)
            {
                body[random.NextInt(body.Length)] = (byte)random.NextInt(256);
            }

            using var content = new ByteArrayContent(body, 0, random.NextInt(body.Length) + 1);
            content.Headers.ContentType = new("application/json");
            using var response = await _daemon.Client.PostAsync("/series/damaged/observations", content);
            Assert.IsLessThan(500, (int)response.StatusCode, Encoding.Latin1.GetString(body));
        }

        Assert.AreEqual("ready", (await _daemon.SendAsync(HttpMethod.Get, "/health/ready")).Body);
    }
}
