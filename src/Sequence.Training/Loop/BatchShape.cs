namespace Sequence.Training;

/// <summary>The sizes of a batch that lies in a <see cref="BatchBuffer"/>.</summary>
/// <param name="Examples">Examples of the batch.</param>
/// <param name="Sequences">Sequences of all of them.</param>
/// <param name="Length">Of the longest sequence.</param>
/// <param name="Features">Inputs at each time.</param>
/// <param name="Targets">Targets of an example.</param>
/// <param name="IsFull">Whether all sequences are of that length.</param>
internal readonly record struct BatchShape(
    int Examples, int Sequences, int Length, int Features, int Targets, bool IsFull);
