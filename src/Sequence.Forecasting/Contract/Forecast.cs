namespace Sequence.Forecasting;

/// <summary>What a model says, standing at an origin, about the next steps of a series.</summary>
/// <param name="SeriesId">Identifier of the series.</param>
/// <param name="Origin">Timestamp of the last observation used.</param>
/// <param name="Timestamps">The times forecast, [horizon].</param>
/// <param name="Mean">Point forecasts, [horizon], in the units of the series.</param>
/// <param name="Intervals">Prediction intervals, narrowest level first; empty when the model has none.</param>
public sealed record Forecast(
    string SeriesId,
    DateTimeOffset Origin,
    DateTimeOffset[] Timestamps,
    double[] Mean,
    IReadOnlyList<PredictionInterval> Intervals)
{
    /// <summary>Number of steps ahead.</summary>
    public int Horizon => Mean.Length;
}
