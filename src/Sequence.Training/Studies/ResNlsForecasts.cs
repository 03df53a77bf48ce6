namespace Sequence.Training;

/// <summary>What one training forecast of the test rows: a line of the partial results.</summary>
/// <param name="Key">SHA-256 over data and options, so that forecasts of another study are never taken for these.</param>
/// <param name="Name">For people: target, model, look-back and seed.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1; 0 for the start.</param>
/// <param name="Prices">[test rows].</param>
internal sealed record ResNlsForecasts(string Key, string Name, int Epochs, int BestEpoch, double[] Prices);
