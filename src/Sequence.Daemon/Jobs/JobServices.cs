using Microsoft.Extensions.DependencyInjection;

namespace Sequence.Daemon.Jobs;

/// <summary>Adds trainings and evaluations to the daemon.</summary>
internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services, DaemonOptions options) => services
        .AddSingleton(options.Jobs)
        .AddSingleton<JobQueue>()
        .AddSingleton<SeriesExport>()
        .AddSingleton<Retraining>()
        .AddHostedService<JobRunner>()
        .AddHostedService<DriftRetraining>();
}
