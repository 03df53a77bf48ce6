using Microsoft.Extensions.Logging;
using Sequence.Daemon.Configuration;
using Sequence.Daemon.Hosting;

namespace Sequence.Daemon;

/// <summary>How the daemon is run.</summary>
public sealed record DaemonOptions
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8347";

    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromDays(30);

    /// <summary>Folder of the store, the models and the lock; made when missing.</summary>
    public required string DataDir { get; init; }

    /// <summary>
    /// Where it listens: addresses such as http://127.0.0.1:8347, several parted by semicolons. Port 0 takes any that is
    /// free. Others than loopback only once there is a key; https needs a certificate.
    /// </summary>
    /// <value>Default: <see cref="DefaultUrl"/>.</value>
    public string Urls { get; init; } = DefaultUrl;

    /// <summary>The least that is logged.</summary>
    /// <value>Default: <see cref="LogLevel.Warning"/>.</value>
    [Reloadable]
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>How the log is written, on standard error.</summary>
    /// <value>Default: <see cref="LogFormat.Text"/>.</value>
    public LogFormat LogFormat { get; init; }

    /// <summary>By which names and over what it is reached.</summary>
    public SafetyOptions Safety { get; init; } = new();

    /// <summary>How much it takes from its clients.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Where metrics and traces go.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>How new forecasts are told to those who wait for them.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>The folder watched for CSV files.</summary>
    public DropOptions Drops { get; init; } = new();

    /// <summary>The listener for gRPC.</summary>
    public GrpcOptions Grpc { get; init; } = new();

    /// <summary>The pages for people.</summary>
    public DashboardOptions Dashboard { get; init; } = new();

    /// <summary>How models are watched.</summary>
    public WatchOptions Watch { get; init; } = new();

    /// <summary>Its store, and with which others it serves.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Models and their versions.</summary>
    public RegistryOptions Registry { get; init; } = new();

    /// <summary>Trainings and evaluations.</summary>
    public JobOptions Jobs { get; init; } = new();

    /// <summary>Models that need libtorch.</summary>
    public WorkerOptions Workers { get; init; } = new();

    /// <summary>For how long what it stores is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>
    /// How long a series that nobody asks stays in memory, from 1 s to 30 days. It is then left in the store, with a snapshot of
    /// its state, and comes back with the next request for it.
    /// </summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(DataDir))
        {
            faults.Add("DataDir is empty; give a folder.");
        }
        else if (File.Exists(DataDir))
        {
            faults.Add($"DataDir is '{DataDir}', which is a file; give a folder.");
        }

        ListenAddress.Check(this, HasKeys(faults), faults);
        Safety.Check(faults);
        Limits.Check(faults);
        Telemetry.Check(faults);
        Events.Check(faults);
        Drops.Check(faults);
        Grpc.Check(faults);
        Watch.Check(faults);
        Cluster.Check(faults);
        Registry.Check(faults);
        Jobs.Check(faults);
        Workers.Check(faults);
        Retention.Check(faults);
        if (IdleAfter < ShortestIdle || IdleAfter > LongestIdle)
        {
            faults.Add($"IdleAfter is {IdleAfter}; give {ShortestIdle} to {LongestIdle}, for example 00:10:00.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    private bool HasKeys(List<string> faults)
    {
        if (!Directory.Exists(DataDir))
        {
            return false;
        }

        try
        {
            return new KeyFile(DataDir).Read().Count > 0;
        }
        catch (ConfigurationException error)
        {
            faults.AddRange(error.Faults);
            return true;
        }
    }
}
