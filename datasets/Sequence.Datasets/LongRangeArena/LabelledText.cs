namespace Sequence.Datasets;

/// <summary>A text and its class.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">Class index, counted from 0.</param>
public sealed record LabelledText(string Text, int Label);
