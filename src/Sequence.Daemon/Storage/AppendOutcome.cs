namespace Sequence.Daemon.Storage;

/// <summary>What became of one observation of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>The first value of its event time.</summary>
    Added,

    /// <summary>Another value of an event time that had one; the old one is kept as an earlier revision.</summary>
    Revised,

    /// <summary>Known already; nothing was stored.</summary>
    Duplicate,
}
