namespace Sequence.Daemon.Engine;

/// <summary>The versions of a model that run on this node.</summary>
/// <param name="Champion">Answers the forecasts.</param>
/// <param name="Others">Run along unseen: the challenger and the shadow, where there are any.</param>
/// <param name="Before">The champion before, which series that were not in memory since still have snapshots of; null when there was none.</param>
/// <param name="Revision">Of the model in the store.</param>
internal sealed record ServedModel(LoadedCheckpoint Champion, LoadedCheckpoint[] Others, LoadedCheckpoint? Before, long Revision)
{
    /// <summary>Whether the same versions run in the same places.</summary>
    public bool IsSame(ServedModel other) =>
        Champion == other.Champion && Before == other.Before && Others.AsSpan().SequenceEqual(other.Others);
}
