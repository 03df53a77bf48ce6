using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A stack over the window from a zero state, a pool over its outputs, and a linear head on the pool: the forecaster of the
/// state-space and attention layers.
/// </summary>
public sealed record StackArchitecture : Architecture
{
    internal const string Kind = "stack";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public StackArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal StackArchitecture(JsonFields fields)
        : base(fields)
    {
        var stack = new JsonFields(fields.Required(nameof(Stack)), $"{fields.Place}.stack");
        Stack = new StackOptions(stack);
        stack.RequireNoOther();
    }

    /// <summary>Depth, width and mixer.</summary>
    public required StackOptions Stack { get; init; }

    /// <summary>Stack, pool and head as one layer.</summary>
    [JsonIgnore]
    public PooledStackDeclaration Model => new("model", Features, Horizon, LookBack, Stack);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => [Model];

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LinearDeclaration> OutputMaps => [Model.Head];

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        Stack.AddFaults(faults);
        if (faults.Count == 0 && Model.StepKind != StepKind.Exact)
        {
            faults.Add(
                "the mixer has no exact step (it looks ahead, or its state grows without bound), so a forecaster built on it " +
                "could not be served; choose a causal one of bounded state.");
        }
    }
}
