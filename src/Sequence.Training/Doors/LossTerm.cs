using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>One term of an objective.</summary>
/// <param name="Weight">Its weight in the sum.</param>
/// <param name="Loss">
/// Outputs and targets, both [batch, outputs], to a scalar; or, of a term that takes classes, outputs [batch, classes] and
/// class indices, int64 [batch].
/// </param>
/// <param name="TakesClasses">Whether the targets are class indices.</param>
public sealed record LossTerm(double Weight, Func<Tensor, Tensor, Tensor> Loss, bool TakesClasses = false);
