namespace Sequence.Forecasting;

/// <summary>What <see cref="AutoregressiveForecaster"/> estimates.</summary>
/// <param name="Intercept">The constant c, in the units of the series.</param>
/// <param name="Coefficients">phi[1..p], [order]; the first belongs to the last row.</param>
public sealed record AutoregressiveParameters(double Intercept, double[] Coefficients);
