using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Registry;

/// <summary>A model as it is answered.</summary>
/// <param name="Name">Its name; series give "model:NAME".</param>
/// <param name="Aliases">Version of each alias.</param>
/// <param name="Before">The champions before, newest last.</param>
/// <param name="Versions">In the order they were added.</param>
/// <param name="Scores">What the test says of challenger and shadow; only where one model was asked for.</param>
/// <param name="Recipe">How it is trained again.</param>
/// <param name="TrainedAt">When a training was last asked for.</param>
internal sealed record ModelView(
    string Name,
    IReadOnlyDictionary<ModelAlias, string> Aliases,
    string[] Before,
    ModelVersionView[] Versions,
    IReadOnlyDictionary<ModelAlias, PromotionVerdict>? Scores,
    TrainRequest? Recipe,
    DateTimeOffset? TrainedAt);
