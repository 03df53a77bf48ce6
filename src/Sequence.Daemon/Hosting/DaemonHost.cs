using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Clustering;
using Sequence.Daemon.Configuration;
using Sequence.Daemon.Dashboard;
using Sequence.Daemon.Drops;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Events;
using Sequence.Daemon.Grpc;
using Sequence.Daemon.Hosting;
using Sequence.Daemon.Http;
using Sequence.Daemon.Jobs;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Retention;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Postgres;
using Sequence.Daemon.Telemetry;
using Sequence.Daemon.Watching;
using Sequence.Daemon.Workers;

namespace Sequence.Daemon;

/// <summary>The forecasting daemon as one process: an embedded store, an engine with one grain a series, and HTTP.</summary>
public static class DaemonHost
{
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
    /// <exception cref="ServerUnavailableException">A server that its store or its cluster needs does not answer at the start.</exception>
    public static Task<bool> RunAsync(
        DaemonOptions options, Action<IReadOnlyCollection<string>> listening, CancellationToken cancellationToken) =>
        RunAsync(options, new DaemonConfiguration(), listening, _ => { }, cancellationToken);

    /// <summary>Runs with options from a file, which is read again when it changes, until it is asked to stop.</summary>
    /// <param name="configuration">The file, and what was typed.</param>
    /// <param name="listening">Told the addresses it listens on, once it is ready.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    /// <returns>True when it ended because it was asked to; false when one of its services failed, which is logged.</returns>
    /// <exception cref="ConfigurationException">
    /// The file, the options, the data folder or the store cannot be used; lists every fault.
    /// </exception>
    /// <exception cref="ServerUnavailableException">A server that its store or its cluster needs does not answer at the start.</exception>
    public static Task<bool> RunAsync(
        DaemonConfiguration configuration, Action<IReadOnlyCollection<string>> listening, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return RunAsync(configuration.Read(), configuration, listening, _ => { }, cancellationToken);
    }

    internal static async Task<bool> RunAsync(
        DaemonOptions options,
        DaemonConfiguration configuration,
        Action<IReadOnlyCollection<string>> listening,
        Action<IServiceCollection> configure,
        CancellationToken cancellationToken)
    {
        try
        {
            return await ServeAsync(options, configuration, listening, configure, cancellationToken);
        }
        catch (DaemonException error) when (error.Fault == DaemonFault.Unavailable)
        {
            throw new ServerUnavailableException(error.Message, error);
        }
    }

    private static async Task<bool> ServeAsync(
        DaemonOptions options,
        DaemonConfiguration configuration,
        Action<IReadOnlyCollection<string>> listening,
        Action<IServiceCollection> configure,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listening);
        options.Validate();
        using var certificate = options.Safety.CertificateFile is null ? null : ServerCertificate.Open(options.Safety);
        using var folder = DataFolder.Take(options.DataDir);
        await using var store = await ClusterSetup.OpenStoreAsync(options.Cluster, folder.Store, TimeProvider.System);
        await using var membership = await RedisMembership.ConnectAsync(options.Cluster);
        await using var application = Build(options, certificate, store, membership, folder.Models, services =>
        {
            services.AddSingleton(configuration).AddHostedService<ConfigurationWatch>();
            configure(services);
        });
        // From here on the keys are asked for, even when the last one is removed before the first request.
        List<string> faults = [];
        ListenAddress.Check(options, !application.Services.GetRequiredService<KeyRing>().IsOpen, faults);
        ConfigurationException.ThrowIfAny(faults);
        foreach (var fault in application.Services.GetRequiredService<ModelShelf>().LoadAll())
        {
            application.Logger.LogError("A checkpoint cannot be served: {Fault}", fault);
        }

        foreach (var warning in (store as PostgresObservationStore)?.Warnings ?? [])
        {
            application.Logger.LogWarning("{Warning}", warning);
        }

        await application.StartAsync(cancellationToken);
        listening([.. application.Urls]);
        await application.WaitForShutdownAsync(cancellationToken);
        return !application.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(one => one.ExecuteTask is { IsFaulted: true });
    }

    private static WebApplication Build(
        DaemonOptions options,
        ServerCertificate? certificate,
        IObservationStore store,
        RedisMembership? membership,
        string models,
        Action<IServiceCollection> configure)
    {
        // Empty: neither files beside the working folder nor variables of the environment decide where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listening.Configure(kestrel, options, certificate));
        builder.Logging.AddDaemonLog(options.LogFormat);
        builder.UseOrleans(silo =>
        {
            silo.UseCluster(options.Cluster, membership);
            silo.LetGoOfIdleSeries(options.IdleAfter);
            silo.AddOrleansPages(options.Dashboard);
        });
        builder.Services
            .AddCluster(store, membership)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new LiveOptions(options))
            .AddSingleton(options)
            .AddRegistry(options)
            .AddJobs(options)
            .AddSingleton<WorkerShelf>()
            .AddSingleton(services => new ModelShelf(models, services.GetRequiredService<WorkerShelf>()))
            .AddSingleton<SnapshotKeeper>()
            .AddSingleton<SeriesReplay>()
            .AddWatching(options.Watch)
            .AddSingleton<IdleMemory>()
            .AddSingleton<ForecastSchedule>()
            .AddHostedService(services => services.GetRequiredService<ForecastSchedule>())
            .AddSingleton(options.Retention)
            .AddHostedService<RetentionService>()
            .AddHostedService<StoreWatch>()
            .AddHostedService<SystemdNotice>()
            .AddSecurity(options)
            .AddTelemetry(options.Telemetry)
            .AddEvents(options.Events)
            .AddDrops(options)
            .AddGrpcForecasting(options.Grpc)
            .AddDashboard(options.Dashboard)
            .AddRouting()
            .AddProblemDetails()
            .AddOpenApi()
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .Configure<HostOptions>(host => host.ShutdownTimeout = Patience)
            .Replace(ServiceDescriptor.Singleton<IHostLifetime, CallerLifetime>());
        configure(builder.Services);

        var application = builder.Build();
        application.UseHostFiltering();
        application.UseStatusCodePages();
        application.UseMiddleware<ProblemMiddleware>();
        application.UseRouting();
        application.UseSecurity();
        application.MapSeries();
        application.MapWatch();
        application.MapModels();
        application.MapJobs();
        application.MapHealth();
        application.MapTelemetry();
        application.MapEvents();
        application.MapGrpcForecasting();
        application.MapDashboard();
        application.MapOpenApi();
        return application;
    }
}
