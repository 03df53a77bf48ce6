using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Sequence.Daemon.Grpc;

/// <summary>gRPC within the daemon.</summary>
internal static class GrpcEndpoints
{
    private const int LongestMessage = 4 * 1024 * 1024;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddGrpcForecasting(this IServiceCollection services, GrpcOptions options)
    {
        services.AddSingleton(options).AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LongestMessage;
            grpc.MaxSendMessageSize = LongestMessage;
        });
        return services;
    }

    public static void ListenGrpc(this KestrelServerOptions kestrel, GrpcOptions options)
    {
        // A client that is gone without a word would hold its stream; addresses with TLS take gRPC as well.
        kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlive;
        if (options.Endpoint() is { } endpoint)
        {
            kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http2);
        }
    }

    public static void MapGrpcForecasting(this IEndpointRouteBuilder routes) => routes.MapGrpcService<ForecastStreamsService>();
}
