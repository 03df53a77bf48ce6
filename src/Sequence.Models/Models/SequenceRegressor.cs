using Sequence.Streaming;

namespace Sequence.Models;

/// <summary>Estimates numbers from whole sequences: its outputs are the targets, [batch, targets].</summary>
/// <param name="inputs">Inputs at each time; at least 1.</param>
/// <param name="targets">Numbers estimated; at least 1.</param>
/// <param name="length">Longest sequence it is trained on; at least 1.</param>
/// <param name="options">Depth, width, mixer and pool.</param>
/// <exception cref="ConfigurationException">Lists every size out of range.</exception>
public sealed class SequenceRegressor(int inputs, int targets, int length, StackOptions options)
    : PooledStackModel(new PooledStackDeclaration("model", inputs, targets, length, options));
