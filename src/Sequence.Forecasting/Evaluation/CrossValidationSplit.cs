namespace Sequence.Forecasting;

/// <summary>One split of a cross-validation.</summary>
/// <param name="Index">Number of the split, from 0.</param>
/// <param name="TrainRows">Rows to train on, in order.</param>
/// <param name="TestGroups">Numbers of the groups tested, in order.</param>
/// <param name="Tests">Rows of each of them.</param>
public sealed record CrossValidationSplit(
    int Index, IReadOnlyList<int> TrainRows, IReadOnlyList<int> TestGroups, IReadOnlyList<RowRange> Tests);
