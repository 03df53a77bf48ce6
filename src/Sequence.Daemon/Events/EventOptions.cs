namespace Sequence.Daemon;

/// <summary>How new forecasts are told to those who wait for them: over server-sent events and over gRPC.</summary>
public sealed record EventOptions
{
    /// <summary>Subscribers at a time, of all series together; one more is refused.</summary>
    /// <value>Default: 100.</value>
    public int MostSubscribers { get; init; } = 100;

    /// <summary>Forecasts that may wait for one subscriber; one that is further behind is disconnected.</summary>
    /// <value>Default: 256.</value>
    public int Backlog { get; init; } = 256;

    /// <summary>Time between the heartbeats that keep a connection from being taken for dead.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    internal void Check(List<string> faults)
    {
        if (MostSubscribers < 0)
        {
            faults.Add($"Events.MostSubscribers is {MostSubscribers}; give 0 or more.");
        }

        if (Backlog < 1)
        {
            faults.Add($"Events.Backlog is {Backlog}; give 1 or more.");
        }

        if (Heartbeat < TimeSpan.FromMilliseconds(100) || Heartbeat > TimeSpan.FromHours(1))
        {
            faults.Add($"Events.Heartbeat is {Heartbeat}; give 0.1 seconds to an hour.");
        }
    }
}
