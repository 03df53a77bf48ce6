namespace Sequence.Daemon.Engine;

/// <summary>The versions of a model that run on this node.</summary>
/// <param name="Champion">Answers the forecasts.</param>
/// <param name="Others">Run along unseen: the challenger and the shadow, where there are any.</param>
/// <param name="Revision">Of the model in the store.</param>
internal sealed record ServedModel(LoadedCheckpoint Champion, LoadedCheckpoint[] Others, long Revision);
