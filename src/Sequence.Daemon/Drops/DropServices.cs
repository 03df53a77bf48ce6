using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Drops;

/// <summary>The watched folder within the daemon.</summary>
internal static class DropServices
{
    /// <summary>Watches the folder of the options, if they name one.</summary>
    public static IServiceCollection AddDrops(this IServiceCollection services, DaemonOptions options)
    {
        if (options.Drops.FolderIn(options.DataDir) is not { } folder)
        {
            return services;
        }

        return services.AddSingleton<DropReader>().AddSingleton<IHostedService>(built => new DropWatch(
            folder,
            options.Drops,
            built.GetRequiredService<DropReader>(),
            built.GetRequiredService<TimeProvider>(),
            built.GetRequiredService<ILogger<DropWatch>>()));
    }
}
