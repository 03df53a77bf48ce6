namespace Sequence.Datasets;

/// <summary>The three parts of ListOps; no sequence is in two of them.</summary>
/// <param name="Train">Training part.</param>
/// <param name="Validation">Validation part.</param>
/// <param name="Test">Test part.</param>
public sealed record ListOpsSplits(
    IReadOnlyList<LabelledSequence> Train, IReadOnlyList<LabelledSequence> Validation, IReadOnlyList<LabelledSequence> Test);
