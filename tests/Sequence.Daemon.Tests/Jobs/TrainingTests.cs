using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Tests.Jobs;

/// <summary>The daemon as a process, with the command line itself as the child.</summary>
[TestClass]
public sealed class TrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Training_WhoseDaemonIsKilled_IsEndedAndBegunAgain()
    {
        string job;
        string mark;
        using (var daemon = await DaemonProcess.StartAsync(_folder.Path))
        {
            using var http = new HttpClient { BaseAddress = daemon.Address };
            await SendAsync(http, HttpMethod.Put, "/series/a", """{"frequency":"D","model":"drift"}""");
            await SendAsync(http, HttpMethod.Post, "/series/a/observations", Days.Array(Days.Prices(200), 0, 200));

            // A training to its end, whose version then serves.
            job = await TrainAsync(http, epochs: 1);
            var done = await EndAsync(http, job);
            Assert.AreEqual("succeeded", done.GetProperty("state").GetString(), done.GetRawText());
            await SendAsync(http, HttpMethod.Put, "/series/b", """{"frequency":"D","model":"model:m","horizon":2}""");
            await SendAsync(http, HttpMethod.Post, "/series/b/observations", Days.Array(Days.Prices(80), 0, 40));
            var forecast = await SendAsync(http, HttpMethod.Get, "/series/b/forecast");
            Assert.AreEqual(done.GetProperty("version").GetString(), forecast.GetProperty("modelVersion").GetString());
            Assert.AreEqual(2, forecast.GetProperty("mean").GetArrayLength());

            // One that never ends.
            job = await TrainAsync(http, epochs: 1_000_000);
            mark = await MarkAsync(job);
            await daemon.KillAsync();
        }

        Assert.IsTrue(Runs(mark));
        using var restarted = await DaemonProcess.StartAsync(_folder.Path);
        using var again = new HttpClient { BaseAddress = restarted.Address };
        Assert.IsFalse(Runs(mark));
        var next = await MarkAsync(job);
        Assert.AreNotEqual(mark, next);
        Assert.AreEqual(2, (await SendAsync(again, HttpMethod.Get, $"/jobs/{job}")).GetProperty("attempts").GetInt32());
        restarted.Signal("TERM");
        Assert.AreEqual(0, await restarted.WaitAsync());
        Assert.IsFalse(Runs(next));
    }

    public void Dispose() => _folder.Dispose();

    private static bool Runs(string mark) => ProcessMark.Of(int.Parse(mark.Split(' ')[0])) == mark;

    private static async Task<string> TrainAsync(HttpClient http, int epochs) => (await SendAsync(
        http, HttpMethod.Post, "/models/m/train", $$$"""{"series":["a"],"options":{"model":"lstm-5","horizon":2,"epochs":{{{epochs}}},"patience":0}}"""))
        .GetProperty("id").GetString()!;

    private static async Task<JsonElement> EndAsync(HttpClient http, string job)
    {
        while (true)
        {
            var record = await SendAsync(http, HttpMethod.Get, $"/jobs/{job}");
            if (record.GetProperty("state").GetString() is not ("queued" or "running"))
            {
                return record;
            }

            await Task.Delay(50);
        }
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.IsTrue(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> MarkAsync(string job)
    {
        var path = Path.Combine(_folder.Path, "jobs", job, JobProcess.MarkFile);
        for (var began = TimeProvider.System.GetTimestamp(); !File.Exists(path) || new FileInfo(path).Length == 0;)
        {
            Assert.IsLessThan(60, TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(10);
        }

        return await File.ReadAllTextAsync(path);
    }
}
