using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon.Hosting;

/// <summary>The log: on standard error, as lines for people or as JSON.</summary>
internal static class LoggingSetup
{
    private const string Time = "yyyy-MM-ddTHH:mm:ssZ";

    public static void AddDaemonLog(this ILoggingBuilder logging, LogFormat format)
    {
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.TimestampFormat = Time;
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = Time + " ";
                console.UseUtcTimestamp = true;
            });
        }

        logging.Services
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSingleton<LiveLogLevel>()
            .AddSingleton<IConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LiveLogLevel>())
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LiveLogLevel>());

        // At every start the silo warns that the collector is not the server's, its watchdog of a check it has not begun, and the
        // ring for cookies that it lies unencrypted in its folder, as the store does.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
