using System.Text.Json;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Jobs;

/// <summary>The body of POST /models/{name}/train, and how the model is trained again later.</summary>
internal sealed record TrainRequest
{
    /// <summary>The series it is trained on; empty to train as the last time.</summary>
    public string[] Series { get; init; } = [];

    /// <summary>Options of `sequence model train` in camel case; see <see cref="JobArguments"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The alias that the new version gets.</summary>
    /// <value>Default: null, challenger, or champion where the model has none.</value>
    public ModelAlias? Alias { get; init; }

    /// <summary>How often it is trained again, for example "7.00:00:00" for a week.</summary>
    /// <value>Default: null, only when something asks for it.</value>
    public TimeSpan? RetrainEvery { get; init; }

    /// <summary>Whether it is also trained again when one of its series is found to have drifted.</summary>
    public bool RetrainOnDrift { get; init; }
}
