using System.Text.Json.Serialization;
using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Registry;

/// <summary>A model as it is stored: one document, changed as a whole.</summary>
/// <param name="Name">See <see cref="Storage.SeriesName"/>.</param>
internal sealed record ModelRecord(string Name)
{
    private const int Remembered = 20;

    /// <summary>In the order they were added.</summary>
    public ModelVersion[] Versions { get; init; } = [];

    /// <summary>Version of each alias.</summary>
    public IReadOnlyDictionary<ModelAlias, string> Aliases { get; init; } = new Dictionary<ModelAlias, string>();

    /// <summary>The champions before, newest last.</summary>
    public string[] Before { get; init; } = [];

    /// <summary>How it is trained again; null when it was never trained here.</summary>
    public TrainRequest? Recipe { get; init; }

    /// <summary>When a training of it was last asked for.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Event time up to which pairs of errors were looked at by the automatic test.</summary>
    public DateTimeOffset? TestedThrough { get; init; }

    /// <summary>Revision of the document.</summary>
    [JsonIgnore]
    public long Revision { get; init; }

    public string? this[ModelAlias alias] => Aliases.GetValueOrDefault(alias);

    public ModelVersion? Find(string hash) => Array.Find(Versions, one => string.Equals(one.Hash, hash, StringComparison.Ordinal));

    /// <summary>With an alias on a version; the champion before is remembered, and a new champion is no challenger any more.</summary>
    public ModelRecord With(ModelAlias alias, string hash)
    {
        if (string.Equals(this[alias], hash, StringComparison.Ordinal))
        {
            return this;
        }

        var aliases = new Dictionary<ModelAlias, string>(Aliases) { [alias] = hash };
        var before = Before;
        if (alias == ModelAlias.Champion)
        {
            before = this[alias] is { } old ? [.. Before.TakeLast(Remembered - 1), old] : before;
            foreach (var other in (ModelAlias[])[ModelAlias.Challenger, ModelAlias.Shadow])
            {
                if (string.Equals(this[other], hash, StringComparison.Ordinal))
                {
                    aliases.Remove(other);
                }
            }
        }

        // Pairs of errors are of one champion and one challenger.
        return this with { Aliases = aliases, Before = before, TestedThrough = alias == ModelAlias.Shadow ? TestedThrough : null };
    }

    /// <summary>Without an alias.</summary>
    public ModelRecord Without(ModelAlias alias)
    {
        var aliases = new Dictionary<ModelAlias, string>(Aliases);
        return aliases.Remove(alias) ? this with { Aliases = aliases } : this;
    }
}
