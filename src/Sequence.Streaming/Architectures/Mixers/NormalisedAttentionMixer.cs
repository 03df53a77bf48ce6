using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Normalised attention (<see cref="NormalisedAttentionDeclaration"/>).</summary>
public sealed record NormalisedAttentionMixer : Mixer
{
    internal const string Kind = "normalised-attention";

    /// <summary>A mixer whose options are set one by one.</summary>
    public NormalisedAttentionMixer()
    {
    }

    internal NormalisedAttentionMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        KeySize = fields.WholeNumber(nameof(KeySize), KeySize);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Size of a key of one head (the state expansion).</summary>
    /// <value>Default 16.</value>
    public int KeySize { get; init; } = 16;

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new NormalisedAttentionDeclaration(prefix, features, Heads, KeySize);
}
