namespace Sequence.Daemon;

/// <summary>How OpenTelemetry's protocol travels.</summary>
public enum OtlpTransport
{
    /// <summary>Over gRPC, mostly to port 4317.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, mostly to port 4318; the paths v1/metrics and v1/traces are added.</summary>
    Http,
}
