using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Attention within hash buckets (<see cref="ReformerAttentionDeclaration"/>).</summary>
public sealed record ReformerMixer : Mixer
{
    internal const string Kind = "reformer";

    /// <summary>A mixer whose options are set one by one.</summary>
    public ReformerMixer()
    {
    }

    internal ReformerMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        Rounds = fields.WholeNumber(nameof(Rounds), Rounds);
        Chunk = fields.WholeNumber(nameof(Chunk), Chunk);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Number of hash rounds.</summary>
    /// <value>Default 4.</value>
    public int Rounds { get; init; } = 4;

    /// <summary>Positions in a chunk.</summary>
    /// <value>Default 64.</value>
    public int Chunk { get; init; } = 64;

    /// <summary>Whether positions after the present one are attended too.</summary>
    /// <value>Default false.</value>
    public bool Bidirectional { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new ReformerAttentionDeclaration(prefix, features, Heads, length, Rounds, Chunk, Bidirectional);
}
