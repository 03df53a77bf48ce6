using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>What a layer carries from one input to the next; null stands for the state before the first input.</summary>
/// <param name="Tensors">The parts, in the order the layer documents, batch first.</param>
public sealed record LayerState(IReadOnlyList<Tensor> Tensors);
