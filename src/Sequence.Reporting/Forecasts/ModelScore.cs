namespace Sequence.Reporting;

/// <summary>What a model reached.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="IsBaseline">Whether it is one of the baselines a model has to beat.</param>
/// <param name="Values">One value a measure, NaN where there is none.</param>
public sealed record ModelScore(string Model, bool IsBaseline, IReadOnlyList<double> Values);
