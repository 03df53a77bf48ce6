using System.Net;
using System.Text.Json;

namespace Sequence.Daemon.Tests.Http;

[TestClass]
public sealed class ForecastHistoryTests : IDisposable
{
    private const int Appends = 25;

    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    [DataRow(1000, 1000, 10)]
    [DataRow(1000, 7, 7)]
    [DataRow(3, 1000, 1000)]
    public async Task History_OfAnyHorizon_HasAtMostTenThousandStepsAPageAndIsWhole(int horizon, int limit, int page)
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", $$"""{"frequency":"D","model":"persistence","horizon":{{horizon}},"levels":[]}""");
        for (var day = 0; day < Appends; day++)
        {
            await daemon.PostAsync("a", Days.Array([(day, day)]));
            var origin = Days.First.AddDays(day);
            await Until.TrueAsync(async () => Forecasts(await PageAsync(1, null)) is [var newest] && Origin(newest) == origin);
        }

        List<DateTimeOffset> origins = [];
        JsonElement before;
        long? from = null;
        do
        {
            var answer = await PageAsync(limit, from);
            var forecasts = Forecasts(answer);
            Assert.IsLessThanOrEqualTo(page, forecasts.Length);
            origins.AddRange(forecasts.Select(Origin));
            before = answer.GetProperty("before");
            from = before.ValueKind == JsonValueKind.Null ? null : before.GetInt64();
            Assert.IsTrue(from is null || forecasts.Length == page);
        }
        while (from is not null);
        CollectionAssert.AreEqual(Enumerable.Range(0, Appends).Reverse().Select(day => Days.First.AddDays(day)).ToArray(), origins);

        Task<JsonElement> PageAsync(int most, long? last) =>
            daemon.GetAsync($"/series/a/forecasts?limit={most}{(last is null ? string.Empty : $"&before={last}")}");
    }

    [TestMethod]
    public async Task History_OfALimitThatIsNone_IsRefused()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"persistence","horizon":1000}""");
        (await daemon.SendAsync(HttpMethod.Get, "/series/a/forecasts?limit=0")).Refused(HttpStatusCode.BadRequest);
        (await daemon.SendAsync(HttpMethod.Get, "/series/a/forecasts?limit=1001")).Refused(HttpStatusCode.BadRequest);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonElement[] Forecasts(JsonElement page) => [.. page.GetProperty("forecasts").EnumerateArray()];

    private static DateTimeOffset Origin(JsonElement forecast) => forecast.GetProperty("origin").GetDateTimeOffset();
}
