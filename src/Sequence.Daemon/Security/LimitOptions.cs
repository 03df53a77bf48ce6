using Sequence.Daemon.Configuration;

namespace Sequence.Daemon;

/// <summary>How much the daemon takes from its clients.</summary>
public sealed record LimitOptions
{
    /// <summary>Requests a second of one key, or of one address where no key is needed; 0 sets no limit.</summary>
    /// <value>Default: 10,000.</value>
    [Reloadable]
    public int RequestsPerSecond { get; init; } = 10_000;

    /// <summary>Requests of one key that may come at once after it was quiet.</summary>
    /// <value>Default: 20,000.</value>
    [Reloadable]
    public int Burst { get; init; } = 20_000;

    /// <summary>Series in the store; another is refused. Requests that run at the same moment may pass it by their number.</summary>
    /// <value>Default: 1,000,000.</value>
    [Reloadable]
    public int MostSeries { get; init; } = 1_000_000;

    /// <summary>Connections open at the same time; another is closed.</summary>
    /// <value>Default: 10,000.</value>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>Bytes a second at which a body has to come in after five seconds, or its connection is closed.</summary>
    /// <value>Default: 240.</value>
    public double SlowestBody { get; init; } = 240;

    /// <summary>How long the headers of a request may take.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    internal void Check(List<string> faults)
    {
        if (RequestsPerSecond < 0)
        {
            faults.Add($"Limits.RequestsPerSecond is {RequestsPerSecond}; give 1 or more, or 0 for no limit.");
        }

        foreach (var (name, value) in ((string, int)[])[("Burst", Burst), ("MostSeries", MostSeries), ("MostConnections", MostConnections)])
        {
            if (value < 1)
            {
                faults.Add($"Limits.{name} is {value}; give 1 or more.");
            }
        }

        if (!(SlowestBody > 0 && double.IsFinite(SlowestBody)))
        {
            faults.Add($"Limits.SlowestBody is {SlowestBody}; give more than 0 bytes a second.");
        }

        if (HeadersTimeout < TimeSpan.FromSeconds(1) || HeadersTimeout > TimeSpan.FromHours(1))
        {
            faults.Add($"Limits.HeadersTimeout is {HeadersTimeout}; give 00:00:01 to 01:00:00.");
        }
    }
}
