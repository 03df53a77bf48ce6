using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>Parameters that an optimiser treats alike.</summary>
/// <param name="Parameters">
/// The tensors to train under the names that the saved state carries: contiguous, on the CPU, float32 or float64. They stay the
/// caller's.
/// </param>
/// <param name="LearningRateScale">What the optimiser's learning rate is multiplied by for this group; at least 0.</param>
/// <param name="WeightDecay">The coefficient that pulls these parameters towards zero; at least 0.</param>
public sealed record ParameterGroup(
    IReadOnlyList<(string Name, Tensor Parameter)> Parameters,
    double LearningRateScale = 1,
    double WeightDecay = 0);
