namespace Sequence.Reporting;

/// <summary>The mean absolute error of a model at each step of the horizon.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="IsBaseline">Whether it is one of the baselines a model has to beat.</param>
/// <param name="MeanAbsoluteErrors">Index 0 is one step ahead.</param>
public sealed record HorizonErrors(string Model, bool IsBaseline, double[] MeanAbsoluteErrors);
