using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Softmax attention (<see cref="SoftmaxAttentionDeclaration"/>).</summary>
public sealed record SoftmaxAttentionMixer : Mixer
{
    internal const string Kind = "attention";

    /// <summary>A mixer whose options are set one by one.</summary>
    public SoftmaxAttentionMixer()
    {
    }

    internal SoftmaxAttentionMixer(JsonFields fields)
    {
        Heads = fields.WholeNumber(nameof(Heads), Heads);
        Context = fields.WholeNumber(nameof(Context), Context);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
        Materialised = fields.Flag(nameof(Materialised), Materialised);
    }

    /// <summary>Heads; they divide the features.</summary>
    /// <value>Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Positions attended, the present one included; 0 attends to all before, and there is then no step.</summary>
    /// <value>Default 0.</value>
    public int Context { get; init; }

    /// <summary>Whether positions after the present one are attended too; there is then no step.</summary>
    /// <value>Default false.</value>
    public bool Bidirectional { get; init; }

    /// <summary>Whether the scores of all pairs are written out instead of a fused kernel's work, as a baseline.</summary>
    /// <value>Default false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Materialised { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new SoftmaxAttentionDeclaration(
            prefix, features, Heads, Context == 0 ? null : Context, Bidirectional, Materialised);
}
