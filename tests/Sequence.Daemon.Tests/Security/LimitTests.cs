using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sequence.Daemon.Tests.Security;

[TestClass]
public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Requests_OfOneKeyBeyondItsBurst_AreToldToWaitAndOthersAreServed()
    {
        var file = new KeyFile(_folder.Path);
        var (busy, quiet) = (await file.AddAsync("busy", KeyScopes.Read, TimeProvider.System), await file.AddAsync("quiet", KeyScopes.Read, TimeProvider.System));
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Limits = new LimitOptions { RequestsPerSecond = 1, Burst = 4 } });
        var served = 0;
        using var refused = await UntilRefusedAsync();
        Assert.IsGreaterThanOrEqualTo(4, served);
        Assert.IsGreaterThanOrEqualTo(1, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.AreEqual("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual(HttpStatusCode.OK, (await SendAsync(quiet)).StatusCode);
        Assert.AreEqual("live", (await daemon.SendAsync(HttpMethod.Get, "/health/live")).Body);

        async Task<HttpResponseMessage> UntilRefusedAsync()
        {
            while (true)
            {
                var answer = await SendAsync(busy);
                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    return answer;
                }

                Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
                Assert.IsLessThan(1000, served++);
            }
        }

        Task<HttpResponseMessage> SendAsync(string key)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/series");
            request.Headers.Authorization = new("Bearer", key);
            return daemon.Client.SendAsync(request);
        }
    }

    [TestMethod]
    public async Task Series_BeyondTheMost_AreRefusedAndThoseThereAreServed()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Limits = new LimitOptions { MostSeries = 2 } });
        const string series = """{"frequency":"D","model":"drift"}""";
        await daemon.PutAsync("a", series);
        await daemon.PutAsync("b", series);
        Assert.Contains("MostSeries", (await daemon.SendAsync(HttpMethod.Put, "/series/c", series)).Refused(HttpStatusCode.Conflict));
        await daemon.PutAsync("a", series);
    }

    [TestMethod]
    public async Task Connection_OfASlowClient_IsClosed()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Limits = new LimitOptions { HeadersTimeout = TimeSpan.FromSeconds(1) } });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Client.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n"));
        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Contains("408", await reader.ReadToEndAsync(limit.Token));
    }

    [TestMethod]
    public async Task Connections_BeyondTheMost_AreClosed()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Limits = new LimitOptions { MostConnections = 1 } });
        Assert.AreEqual("live", (await daemon.SendAsync(HttpMethod.Get, "/health/live")).Body);
        using var second = new HttpClient { BaseAddress = daemon.Client.BaseAddress };
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => second.GetAsync("/health/live"));
    }

    public void Dispose() => _folder.Dispose();
}
