using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Hosting;
using Sequence.Daemon.Http;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Daemon;

/// <summary>The forecasting daemon as one process: an embedded store, an engine with one grain a series, and HTTP.</summary>
public static class DaemonHost
{
    private const long LongestBody = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs until it is asked to stop. It listens only once the store is open, the models are loaded and the engine runs; when
    /// asked to stop it is no longer ready, refuses new requests, ends those it has, commits what waits and closes the store.
    /// </summary>
    /// <param name="options">Data folder and addresses.</param>
    /// <param name="listening">Told the addresses it listens on, once it is ready.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    /// <returns>True when it ended because it was asked to; false when one of its services failed, which is logged.</returns>
    /// <exception cref="ConfigurationException">
    /// The options, the data folder or the store cannot be used; lists every fault.
    /// </exception>
    public static Task<bool> RunAsync(
        DaemonOptions options, Action<IReadOnlyCollection<string>> listening, CancellationToken cancellationToken) =>
        RunAsync(options, listening, _ => { }, cancellationToken);

    internal static async Task<bool> RunAsync(
        DaemonOptions options,
        Action<IReadOnlyCollection<string>> listening,
        Action<IServiceCollection> configure,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listening);
        options.Validate();
        using var folder = DataFolder.Take(options.DataDir);
        await using var store = SqliteObservationStore.Open(folder.Store, TimeProvider.System);
        var models = new ModelShelf(folder.Models);
        var faults = models.LoadAll();
        await using var application = Build(options, store, models, configure);
        foreach (var fault in faults)
        {
            application.Logger.LogError("A checkpoint cannot be served: {Fault}", fault);
        }

        await application.StartAsync(cancellationToken);
        listening([.. application.Urls]);
        await application.WaitForShutdownAsync(cancellationToken);
        return !application.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(one => one.ExecuteTask is { IsFaulted: true });
    }

    private static WebApplication Build(
        DaemonOptions options, SqliteObservationStore store, ModelShelf models, Action<IServiceCollection> configure)
    {
        // Empty: neither files beside the working folder nor variables of the environment decide where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            foreach (var endpoint in options.Endpoints())
            {
                kestrel.Listen(endpoint);
            }
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        // At every start the silo warns that the collector is not the server's, and its watchdog of a check it has not begun.
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            // No gateway: every client of the grains lives in this process.
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            silo.LetGoOfIdleSeries(options.IdleAfter);
        });
        builder.Services
            .AddSingleton<IObservationStore>(store)
            .AddSingleton<IDocumentStore>(store)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(models)
            .AddSingleton<SnapshotKeeper>()
            .AddSingleton<SeriesReplay>()
            .AddSingleton<IdleMemory>()
            .AddHostedService<StoreWatch>()
            .AddRouting()
            .AddProblemDetails()
            .AddOpenApi()
            .AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"])
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .Configure<HostOptions>(host => host.ShutdownTimeout = Patience)
            .Replace(ServiceDescriptor.Singleton<IHostLifetime, CallerLifetime>());
        configure(builder.Services);

        var application = builder.Build();
        application.UseHostFiltering();
        application.UseStatusCodePages();
        application.UseMiddleware<ProblemMiddleware>();
        application.UseRouting();
        application.MapSeries();
        application.MapHealth();
        application.MapOpenApi();
        return application;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
