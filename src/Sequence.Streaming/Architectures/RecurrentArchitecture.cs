using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A recurrent stack over the window, from a zero state, and a linear head on the output at its last row (for the
/// backward direction: at the first row, where it ends).
/// </summary>
public sealed record RecurrentArchitecture : Architecture
{
    internal const string Kind = "recurrent";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public RecurrentArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal RecurrentArchitecture(JsonFields fields)
        : base(fields)
    {
        Cell = fields.Choice<RecurrentCell>(nameof(Cell));
        Hidden = fields.WholeNumber(nameof(Hidden));
        LayerCount = fields.WholeNumber(nameof(LayerCount), LayerCount);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
    }

    /// <summary>The recurrence.</summary>
    public required RecurrentCell Cell { get; init; }

    /// <summary>Units of each layer and direction.</summary>
    public required int Hidden { get; init; }

    /// <summary>Layers on top of each other.</summary>
    public int LayerCount { get; init; } = 1;

    /// <summary>Whether a second recurrence runs backwards over the window.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>The recurrent stack.</summary>
    [JsonIgnore]
    public RecurrentDeclaration Recurrence => new("recurrent", Cell, Features, Hidden, LayerCount, Bidirectional);

    /// <summary>The head.</summary>
    [JsonIgnore]
    public LinearDeclaration Head => new("head", Recurrence.OutputSize, Horizon);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => [Recurrence, Head];

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        AtLeast(faults, "hidden", Hidden, 1);
        AtLeast(faults, "layer count", LayerCount, 1);
    }
}
