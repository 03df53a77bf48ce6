using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Attention by positive random features (<see cref="PerformerAttentionDeclaration"/>).</summary>
public sealed record PerformerMixer : Mixer
{
    internal const string Kind = "performer";

    /// <summary>A mixer whose options are set one by one.</summary>
    public PerformerMixer()
    {
    }

    internal PerformerMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        RandomFeatures = fields.WholeNumber(nameof(RandomFeatures), RandomFeatures);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>How many random features stand for the softmax.</summary>
    /// <value>Default 256, the paper's.</value>
    public int RandomFeatures { get; init; } = 256;

    /// <summary>Whether positions after the present one are attended too; there is then no step.</summary>
    /// <value>Default false.</value>
    public bool Bidirectional { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new PerformerAttentionDeclaration(prefix, features, Heads, RandomFeatures, Bidirectional);
}
