namespace Sequence.Datasets;

/// <summary>A sequence of bytes, tokens or pixels, and its class.</summary>
/// <param name="Values">One byte for each time.</param>
/// <param name="Label">Class index, counted from 0.</param>
public sealed record LabelledSequence(ReadOnlyMemory<byte> Values, int Label);
