using System.Diagnostics.CodeAnalysis;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>An RNN, GRU or LSTM with as many units as features.</summary>
public sealed record RecurrentMixer : Mixer
{
    internal const string Kind = "recurrent";

    /// <summary>A mixer whose options are set one by one.</summary>
    public RecurrentMixer()
    {
    }

    [SetsRequiredMembers]
    internal RecurrentMixer(JsonFields fields)
    {
        Cell = fields.Choice<RecurrentCell>(nameof(Cell));
    }

    /// <summary>The recurrence.</summary>
    public required RecurrentCell Cell { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new RecurrentDeclaration(prefix, Cell, features, features);
}
