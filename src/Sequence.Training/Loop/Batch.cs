using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>A batch as a model takes it.</summary>
/// <param name="Inputs">[examples, longest length, features]; undefined after the end of a shorter example.</param>
/// <param name="Targets">[examples, targets].</param>
/// <param name="Lengths">int64 [examples]; null when all are of one length.</param>
internal readonly record struct Batch(Tensor Inputs, Tensor Targets, Tensor? Lengths);
