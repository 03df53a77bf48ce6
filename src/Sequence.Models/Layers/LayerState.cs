using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>What a layer carries from one input to the next; null stands for the state before the first input.</summary>
/// <param name="Tensors">The tensors, in the order the layer documents, batch first.</param>
public sealed record LayerState(IReadOnlyList<Tensor> Tensors)
{
    /// <summary>The states of the layers that a layer is made of, in its order; null for one without.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<LayerState?> Parts { get; init; } = [];

    /// <summary>The state of a layer that is made of others.</summary>
    public static LayerState Of(IReadOnlyList<LayerState?> parts) => new([]) { Parts = parts };
}
