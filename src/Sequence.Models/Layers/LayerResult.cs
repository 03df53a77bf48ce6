using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>Output of a layer and the state after its last input.</summary>
/// <param name="Output">[batch, length, outputs] of a sequence, [batch, outputs] of a step.</param>
/// <param name="State">State to pass on; null when the layer has none.</param>
public readonly record struct LayerResult(Tensor Output, LayerState? State);
