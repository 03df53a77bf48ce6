using System.Security.Cryptography;

namespace Sequence.Training;

/// <summary>
/// Examples to train on: each a sequence of inputs [length, features] and its targets. Only a batch is ever copied.
/// </summary>
public interface IExampleSet
{
    /// <summary>Number of examples.</summary>
    int Count { get; }

    /// <summary>Length of the longest example.</summary>
    int Length { get; }

    /// <summary>Inputs at each time.</summary>
    int Features { get; }

    /// <summary>Targets of an example; 1 where the target is a class index.</summary>
    int Targets { get; }

    /// <summary>Length of one example, in [1, <see cref="Length"/>].</summary>
    /// <param name="index">Which, in [0, Count).</param>
    int LengthOf(int index);

    /// <summary>Copies one example out.</summary>
    /// <param name="index">Which, in [0, Count).</param>
    /// <param name="inputs">Receives [length of the example, features].</param>
    /// <param name="targets">Receives [targets].</param>
    void Copy(int index, Span<float> inputs, Span<float> targets);

    /// <summary>Adds everything the examples are made of to a hash.</summary>
    void AppendTo(IncrementalHash hash);
}
