using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>One term of an objective.</summary>
/// <param name="Weight">Its weight in the sum.</param>
/// <param name="Loss">Forecasts and targets, both [batch, horizon], to a scalar.</param>
public sealed record LossTerm(double Weight, Func<Tensor, Tensor, Tensor> Loss);
