using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>A batch as a model takes it.</summary>
/// <param name="Inputs">[sequences, longest length, features]; undefined after the end of a shorter sequence.</param>
/// <param name="Targets">[examples, targets], on the CPU.</param>
/// <param name="Lengths">int64 [sequences]; null when all are of one length.</param>
internal readonly record struct Batch(Tensor Inputs, Tensor Targets, Tensor? Lengths);
