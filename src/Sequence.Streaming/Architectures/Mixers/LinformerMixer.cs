using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Attention to keys and values projected along time (<see cref="LinformerAttentionDeclaration"/>).</summary>
public sealed record LinformerMixer : Mixer
{
    internal const string Kind = "linformer";

    /// <summary>A mixer whose options are set one by one.</summary>
    public LinformerMixer()
    {
    }

    internal LinformerMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        Rank = fields.WholeNumber(nameof(Rank), Rank);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Number of projected keys.</summary>
    /// <value>Default 256, the paper's largest.</value>
    public int Rank { get; init; } = 256;

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new LinformerAttentionDeclaration(prefix, features, Heads, length, Rank);
}
