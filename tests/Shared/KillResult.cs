namespace Sequence.Tests;

/// <summary>What was found after the daemon was killed under load and started again.</summary>
internal sealed record KillResult
{
    /// <summary>Observations that the daemon had acknowledged.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Acknowledged observations that were not there after a restart.</summary>
    public long Lost { get; set; }

    /// <summary>Observations there more than once.</summary>
    public long Duplicated { get; set; }

    /// <summary>Observations there that nobody sent, or with another value.</summary>
    public long Foreign { get; set; }

    /// <summary>Restarts after which a series' state was not that of a replay of its observations.</summary>
    public long StatesUnlikeReplay { get; set; }

    /// <summary>Last receipts before a kill whose state was not that of a replay of the acknowledged observations.</summary>
    public long ReceiptsUnlikeReplay { get; set; }

    /// <summary>Batches whose answer the kill swallowed; each was sent again.</summary>
    public long Unanswered { get; set; }

    /// <summary>Unanswered batches that had been stored all the same, so that sending them again stored nothing.</summary>
    public long UnansweredButStored { get; set; }

    /// <summary>Longest time from the start of the process until it listened.</summary>
    public TimeSpan SlowestStart { get; set; }

    public bool IsWhole => (Lost, Duplicated, Foreign, StatesUnlikeReplay, ReceiptsUnlikeReplay) == (0, 0, 0, 0, 0);
}
