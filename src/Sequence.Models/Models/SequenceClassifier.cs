using Sequence.Streaming;

namespace Sequence.Models;

/// <summary>Classifies whole sequences: its outputs are the logits of the classes, [batch, classes].</summary>
/// <param name="inputs">Inputs at each time; at least 1.</param>
/// <param name="classes">Number of classes; at least 1.</param>
/// <param name="length">Longest sequence it is trained on; at least 1.</param>
/// <param name="options">Depth, width, mixer and pool.</param>
/// <exception cref="ConfigurationException">Lists every size out of range.</exception>
public sealed class SequenceClassifier(int inputs, int classes, int length, StackOptions options)
    : PooledStackModel(new PooledStackDeclaration("model", inputs, classes, length, options));
