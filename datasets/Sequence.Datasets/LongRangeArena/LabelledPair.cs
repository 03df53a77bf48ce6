namespace Sequence.Datasets;

/// <summary>Two sequences of bytes or tokens, and the class of the pair.</summary>
/// <param name="First">One byte for each time of the first.</param>
/// <param name="Second">One byte for each time of the second.</param>
/// <param name="Label">Class index, counted from 0.</param>
public sealed record LabelledPair(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second, int Label);
