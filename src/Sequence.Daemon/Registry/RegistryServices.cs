using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>Adds the registry of models to the daemon.</summary>
internal static class RegistryServices
{
    public static IServiceCollection AddRegistry(this IServiceCollection services, DaemonOptions options) => services
        .AddSingleton(options.Registry)
        .AddSingleton<ModelRecords>()
        .AddSingleton<ScoreBoard>()
        .AddSingleton(built => new VersionCache(
            built.GetRequiredService<IDocumentStore>(), options.Registry, Path.Combine(options.DataDir, "models", ".versions")))
        .AddSingleton<ModelRegistry>()
        .AddSingleton<VersionsOfSeries>()
        .AddHostedService<RegistryWatch>();
}
