using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Grpc;
using Sequence.Daemon.Security;

namespace Sequence.Daemon.Hosting;

/// <summary>Where the server listens, and what it bears of a connection.</summary>
internal static class Listening
{
    private const long LongestBody = 4 * 1024 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions kestrel, DaemonOptions options, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LongestBody;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.MostConnections;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.Limits.SlowestBody, Grace);
        kestrel.Limits.RequestHeadersTimeout = options.Limits.HeadersTimeout;
        var log = kestrel.ApplicationServices.GetRequiredService<ILogger<ServerCertificate>>();
        foreach (var address in ListenAddress.Of(options))
        {
            kestrel.Listen(address.Endpoint, listen =>
            {
                if (address.IsHttps)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = _ => ValueTask.FromResult(
                            new SslServerAuthenticationOptions { ServerCertificateContext = certificate!.Current(log) }),
                    });
                }
            });
        }

        kestrel.ListenGrpc(options.Grpc);
    }
}
