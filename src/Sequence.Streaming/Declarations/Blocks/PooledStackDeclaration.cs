using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A model of sequences: a stack, a running pool over its outputs, and a linear head on the pool. The output at each time is
/// the model's answer to the inputs so far; the last one is its answer to the sequence.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Inputs">Inputs at each time.</param>
/// <param name="Outputs">Classes, targets or steps ahead.</param>
/// <param name="Length">Longest sequence it is trained on.</param>
/// <param name="Options">Depth, width, mixer and pool.</param>
public sealed record PooledStackDeclaration(string Prefix, int Inputs, int Outputs, int Length, StackOptions Options)
    : LayerDeclaration(Prefix)
{
    /// <summary>The stack.</summary>
    public StackDeclaration Stack => Options.Declare(WeightName("stack"), Inputs, Length);

    /// <summary>The pool.</summary>
    public PoolingDeclaration Pool => new(WeightName("pool"), Options.Features, Options.Pooling);

    /// <summary>The head.</summary>
    public LinearDeclaration Head => new(WeightName("head"), Options.Features, Outputs);

    /// <inheritdoc />
    public override StepKind StepKind => Stack.StepKind;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Outputs;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => [.. Stack.Weights, .. Head.Weights];

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        foreach (var (name, size) in new[] { ("inputs", Inputs), ("outputs", Outputs), ("length", Length) })
        {
            if (size < 1)
            {
                faults.Add($"{name} is {size}; it must be at least 1.");
            }
        }

        if (Options.Vocabulary > 0 && Inputs != 1)
        {
            faults.Add($"inputs is {Inputs}; a model of tokens takes one token index at each time.");
        }

        Options.AddFaults(faults);
        return faults;
    }
}
