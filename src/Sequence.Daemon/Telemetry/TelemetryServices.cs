using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Telemetry;

/// <summary>Metrics and traces by OpenTelemetry.</summary>
internal static class TelemetryServices
{
    // The runtime's own meters; none of them labels by what clients name.
    private static readonly string[] Meters =
        [DaemonMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddSingleton<DaemonMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sequence-daemon", serviceVersion: typeof(DaemonHost).Assembly.GetName().Version?.ToString()))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                if (options.OtlpEndpoint is not null)
                {
                    metrics.AddOtlpExporter(exporter => Send(exporter, options, "v1/metrics"));
                }
            });
        if (options.OtlpEndpoint is not null)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(DaemonMetrics.Name)
                .AddAspNetCoreInstrumentation()
                .AddOtlpExporter(exporter => Send(exporter, options, "v1/traces")));
        }

        return services;
    }

    /// <summary>GET /metrics; and lets the store tell of its commits.</summary>
    public static void MapTelemetry(this WebApplication application)
    {
        var scrape = ((IEndpointRouteBuilder)application).CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        application.MapGet("/metrics", (Delegate)((HttpContext context) => scrape(context)))
            .WithTags("health")
            .WithSummary("Metrics as Prometheus reads them.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        application.Services.GetRequiredService<IObservationStore>().Metrics = application.Services.GetRequiredService<DaemonMetrics>();
    }

    private static void Send(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        var isHttp = options.OtlpTransport == OtlpTransport.Http;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint!.TrimEnd('/')}/{path}") : new Uri(options.OtlpEndpoint!);
    }
}
