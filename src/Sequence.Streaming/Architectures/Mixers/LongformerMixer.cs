using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Attention in a sliding window with global positions (<see cref="LongformerAttentionDeclaration"/>).</summary>
public sealed record LongformerMixer : Mixer
{
    internal const string Kind = "longformer";

    /// <summary>A mixer whose options are set one by one.</summary>
    public LongformerMixer()
    {
    }

    internal LongformerMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        Window = fields.WholeNumber(nameof(Window), Window);
        GlobalPositions = fields.WholeNumber(nameof(GlobalPositions), GlobalPositions);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Positions attended to each side.</summary>
    /// <value>Default 256, which is the paper's window of 512 in all.</value>
    public int Window { get; init; } = 256;

    /// <summary>How many of the first positions attend to all and are attended by all.</summary>
    /// <value>Default 1, the paper's for classification.</value>
    public int GlobalPositions { get; init; } = 1;

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new LongformerAttentionDeclaration(prefix, features, Heads, Window, GlobalPositions);
}
