using System.Net;
using System.Text.Json;

namespace Sequence.Daemon.Tests.Http;

[TestClass]
public sealed class CsvObservationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Post_Csv_StoresItsRows()
    {
        await using var daemon = await StartAsync();
        var answer = await daemon.SendAsync(
            HttpMethod.Post, "/series/a/observations", "\uFEFFvalue,Time,sequence\r\n1.5,2020-01-01,4\r\n-0,2020-01-02T00:00:00Z,\r\n\r\n2e3,\"2020-01-03 01:00+01:00\",6", "text/csv; charset=utf-8");
        Assert.AreEqual(3, answer.Json().GetProperty("added").GetInt32());
        var rows = (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").EnumerateArray().ToArray();
        CollectionAssert.AreEqual(new[] { 1.5, 0, 2000 }, rows.Select(row => row.GetProperty("value").GetDouble()).ToArray());
        Assert.IsFalse(double.IsNegative(rows[1].GetProperty("value").GetDouble()));
        CollectionAssert.AreEqual(
            new[] { Days.First, Days.First.AddDays(1), Days.First.AddDays(2) }, rows.Select(row => row.GetProperty("time").GetDateTimeOffset()).ToArray());
        Assert.AreEqual(4, rows[0].GetProperty("sequence").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, rows[1].GetProperty("sequence").ValueKind);
    }

    [TestMethod]
    [DataRow("", "no observation")]
    [DataRow("time,value\n", "no observation")]
    [DataRow("time\n2020-01-01\n", "Line 1")]
    [DataRow("id,time,value\na,2020-01-01,1\n", "address names the series")]
    [DataRow("time,value\n2020-01-01,1\n2020-01-02\n", "Line 3")]
    [DataRow("time,value\n\n2020-01-01,NaN\n", "Line 3")]
    [DataRow("time,value\n01/02/2020,1\n", "ISO 8601")]
    [DataRow("time,value,sequence\n2020-01-01,1,1.5\n", "sequence")]
    public async Task Post_WrongCsv_IsRefusedAndStoresNothing(string body, string reason)
    {
        await using var daemon = await StartAsync();
        var answer = await daemon.SendAsync(HttpMethod.Post, "/series/a/observations", body, "text/csv");
        Assert.Contains(reason, answer.Refused(HttpStatusCode.BadRequest));
        Assert.AreEqual(0, (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());
    }

    [TestMethod]
    public async Task Post_CsvOfMoreRowsThanABatch_IsRefused()
    {
        await using var daemon = await StartAsync();
        var rows = string.Concat(Enumerable.Range(0, 10_001).Select(day => $"{Days.First.AddDays(day):yyyy-MM-dd},1\n"));
        var answer = await daemon.SendAsync(HttpMethod.Post, "/series/a/observations", "time,value\n" + rows, "text/csv");
        Assert.Contains("more than 10000", answer.Refused(HttpStatusCode.BadRequest));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<RunningDaemon> StartAsync()
    {
        var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"persistence"}""");
        return daemon;
    }
}
