using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Sequence.Daemon.Tests;

/// <summary>The daemon within the test's process, on a port of its own.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<bool> _run;

    private RunningDaemon(Task<bool> run, CancellationTokenSource stop, string[] addresses, IServiceProvider services)
    {
        _run = run;
        _stop = stop;
        Addresses = addresses;
        Client = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        Services = services;
    }

    public HttpClient Client { get; }

    /// <summary>All it listens on, in the order of the options.</summary>
    public string[] Addresses { get; }

    public IServiceProvider Services { get; }

    public Task<bool> Ended => _run;

    public static async Task<RunningDaemon> StartAsync(
        string folder,
        Action<IServiceCollection>? configure = null,
        Func<DaemonOptions, DaemonOptions>? change = null,
        string? config = null)
    {
        var listening = new TaskCompletionSource<string[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        IServiceProvider? provider = null;
        var stop = new CancellationTokenSource();
        var configuration = new DaemonConfiguration { DataDir = folder, Urls = "http://127.0.0.1:0", File = config };
        var run = DaemonHost.RunAsync(
            (change ?? (same => same))(configuration.Read()),
            configuration,
            addresses => listening.TrySetResult([.. addresses]),
            services =>
            {
                services.AddHostedService(built => new Capture(() => provider = built));
                configure?.Invoke(services);
            },
            stop.Token);
        await Task.WhenAny(run, listening.Task);
        if (run.IsCompleted)
        {
            await run;
        }

        return new RunningDaemon(run, stop, await listening.Task, provider!);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        using var response = await Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> PutAsync(string id, string body) => (await SendAsync(HttpMethod.Put, $"/series/{id}", body)).Json();

    public async Task<JsonElement> PostAsync(string id, string body) =>
        (await SendAsync(HttpMethod.Post, $"/series/{id}/observations", body)).Json();

    public async Task<JsonElement> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path)).Json();

    public async Task<bool> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _stop.Dispose();
    }

    /// <summary>What came back.</summary>
    internal sealed record Answer(HttpStatusCode Status, string Body)
    {
        public JsonElement Json()
        {
            Assert.IsTrue(Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{Status}: {Body}");
            return JsonDocument.Parse(Body).RootElement;
        }

        /// <summary>The reason of a refusal, which must be a problem document of this status.</summary>
        public string Refused(HttpStatusCode status)
        {
            Assert.AreEqual(status, Status, Body);
            var problem = JsonDocument.Parse(Body).RootElement;
            Assert.AreEqual((int)status, problem.GetProperty("status").GetInt32());
            return problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : string.Empty;
        }
    }

    private sealed class Capture(Action started) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            started();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
