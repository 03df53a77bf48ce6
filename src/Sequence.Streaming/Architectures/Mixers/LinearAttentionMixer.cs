using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Linear attention (<see cref="LinearAttentionDeclaration"/>).</summary>
public sealed record LinearAttentionMixer : Mixer
{
    internal const string Kind = "linear-attention";

    /// <summary>A mixer whose options are set one by one.</summary>
    public LinearAttentionMixer()
    {
    }

    internal LinearAttentionMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        KeySize = fields.WholeNumber(nameof(KeySize), KeySize);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Size of a key of one head (the state expansion).</summary>
    /// <value>Default 16.</value>
    public int KeySize { get; init; } = 16;

    /// <summary>Whether positions after the present one are attended too; there is then no step.</summary>
    /// <value>Default false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Bidirectional { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new LinearAttentionDeclaration(prefix, features, Heads, KeySize, Bidirectional);
}
