using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>Parameters that are updated alike.</summary>
/// <param name="Parameters">Contiguous float32 tensors on the CPU, by name.</param>
/// <param name="LearningRateScale">Multiplies the optimiser's learning rate.</param>
/// <param name="WeightDecay">Weight decay of these parameters.</param>
public sealed record ParameterGroup(
    IReadOnlyList<(string Name, Tensor Parameter)> Parameters, double LearningRateScale = 1, double WeightDecay = 0);
