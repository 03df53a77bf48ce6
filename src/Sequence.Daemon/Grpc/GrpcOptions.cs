using System.Net;

namespace Sequence.Daemon;

/// <summary>
/// The listener for gRPC without TLS. HTTP/2 without TLS cannot share a port with HTTP/1.1; addresses with TLS take both, and need
/// no listener of their own.
/// </summary>
public sealed record GrpcOptions
{
    private const int MostBatches = 1024;

    /// <summary>Where it listens for HTTP/2 without TLS, such as http://127.0.0.1:8348; only loopback. Port 0 takes any that is free.</summary>
    /// <value>Default: null, nowhere.</value>
    public string? Url { get; init; }

    /// <summary>Batches of one stream that may be under way at a time; the daemon then reads no further.</summary>
    /// <value>Default: 16.</value>
    public int BatchesInFlight { get; init; } = 16;

    internal void Check(List<string> faults)
    {
        if (Url is not null && Endpoint() is null)
        {
            faults.Add($"Grpc.Url is '{Url}'; give http://, a loopback address and a port, for example http://127.0.0.1:8348.");
        }

        if (BatchesInFlight is < 1 or > MostBatches)
        {
            faults.Add($"Grpc.BatchesInFlight is {BatchesInFlight}; give 1 to {MostBatches}.");
        }
    }

    internal IPEndPoint? Endpoint() =>
        Uri.TryCreate(Url, UriKind.Absolute, out var address) && address is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "", IsLoopback: true }
            ? new IPEndPoint(IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip) ? ip : IPAddress.Loopback, address.Port)
            : null;
}
