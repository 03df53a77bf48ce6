namespace Sequence.Benchmarks.Daemon;

/// <summary>What a daemon under load did in a fault and after it.</summary>
internal sealed record FaultReport
{
    public required string Name { get; init; }

    /// <summary>Batches acknowledged while the fault lasted.</summary>
    public required int AcknowledgedMeanwhile { get; init; }

    /// <summary>What the refused were told, the most frequent first.</summary>
    public required string Answered { get; init; }

    /// <summary>What /health/ready said at the end of the fault.</summary>
    public required string Ready { get; init; }

    public required bool Lived { get; init; }

    /// <summary>Time from the end of the fault until every series had an acknowledgement; null when one had none.</summary>
    public required TimeSpan? Recovered { get; init; }

    public required long Acknowledged { get; init; }

    public required long Lost { get; init; }

    public required long Twice { get; init; }

    /// <summary>Observations there that were never acknowledged, or of another value.</summary>
    public required long Foreign { get; init; }

    public bool IsWhole => Lived && Recovered is not null && (Lost, Twice, Foreign) == (0, 0, 0);
}
