using System.Security.Cryptography;

namespace Sequence.Training;

/// <summary>
/// Examples to train on: each a sequence of inputs [length, features], or several of them, and its targets. Only a batch is
/// ever copied.
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

    /// <summary>Sequences of an example: 2 for pairs.</summary>
    int Sequences => 1;

    /// <summary>Length of one sequence of an example, in [1, <see cref="Length"/>].</summary>
    /// <param name="index">Which example, in [0, Count).</param>
    /// <param name="sequence">Which of its sequences, in [0, Sequences).</param>
    int LengthOf(int index, int sequence = 0);

    /// <summary>Copies one sequence of an example out.</summary>
    /// <param name="index">Which example, in [0, Count).</param>
    /// <param name="sequence">Which of its sequences, in [0, Sequences).</param>
    /// <param name="inputs">Receives [length of the sequence, features].</param>
    void CopyInputs(int index, int sequence, Span<float> inputs);

    /// <summary>Copies the targets of an example out.</summary>
    /// <param name="index">Which example, in [0, Count).</param>
    /// <param name="targets">Receives [targets].</param>
    void CopyTargets(int index, Span<float> targets);

    /// <summary>Adds everything the examples are made of to a hash.</summary>
    void AppendTo(IncrementalHash hash);
}
