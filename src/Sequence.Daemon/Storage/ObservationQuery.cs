namespace Sequence.Daemon.Storage;

/// <summary>Which observations to read.</summary>
internal sealed record ObservationQuery
{
    /// <summary>Only event times after this one.</summary>
    /// <value>Default: null, from the beginning.</value>
    public DateTimeOffset? After { get; init; }

    /// <summary>As the series was known at this time: revisions taken later do not exist.</summary>
    /// <value>Default: null, the latest view.</value>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>How many event times at most.</summary>
    public required int Limit { get; init; }
}
