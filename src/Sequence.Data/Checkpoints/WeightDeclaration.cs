namespace Sequence.Data.Checkpoints;

/// <summary>
/// One weight of a layer, declared once: its name in the checkpoint, its role, how it starts, and the unit group of each
/// axis. Initialisation, parameter counts, checkpoint validation, per-role learning rates and the streaming packers all
/// read this and nothing else.
/// </summary>
/// <param name="Name">Key in weights.safetensors, in PyTorch's spelling.</param>
/// <param name="Role">What the weight does.</param>
/// <param name="Initialisation">How it starts.</param>
/// <param name="Axes">Its axes, outermost first, row-major.</param>
public sealed record WeightDeclaration(
    string Name, WeightRole Role, Initialisation Initialisation, IReadOnlyList<UnitAxis> Axes)
{
    /// <summary>The shape: the length of each axis.</summary>
    public IReadOnlyList<int> Shape => [.. Axes.Select(axis => axis.Length)];

    /// <summary>Number of elements.</summary>
    public long Count => Axes.Aggregate(1L, (product, axis) => product * axis.Length);

    /// <summary>Whether training moves it: not a running statistic and not a constant.</summary>
    public bool IsTrained => Role is not (WeightRole.Statistic or WeightRole.Constant);
}
