namespace Sequence.Daemon;

/// <summary>Where metrics and traces go besides GET /metrics.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Address of an OpenTelemetry collector, for example http://127.0.0.1:4317; it gets metrics and traces.</summary>
    /// <value>Default: none.</value>
    public string? OtlpEndpoint { get; init; }

    /// <summary>What the collector speaks.</summary>
    /// <value>Default: <see cref="OtlpTransport.Grpc"/>.</value>
    public OtlpTransport OtlpTransport { get; init; }

    internal void Check(List<string> faults)
    {
        if (OtlpEndpoint is not null && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
        {
            faults.Add($"Telemetry.OtlpEndpoint is '{OtlpEndpoint}'; give an address such as http://127.0.0.1:4317.");
        }
    }
}
