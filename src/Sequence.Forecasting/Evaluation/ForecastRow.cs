namespace Sequence.Forecasting;

/// <summary>One forecast value of a rolling-origin evaluation, beside what came true.</summary>
/// <param name="SeriesId">Identifier of the series.</param>
/// <param name="Fold">Number of the fold, from 0.</param>
/// <param name="Origin">
/// The moment of the forecast: the last timestamp of the training part, of all series of a panel. Nothing later was seen.
/// </param>
/// <param name="Timestamp">Timestamp of the target.</param>
/// <param name="Step">Steps ahead, from 1; the target is row gap + step of the series after the origin.</param>
/// <param name="Actual">The value that came true.</param>
/// <param name="Mean">The point forecast.</param>
/// <param name="Intervals">Intervals, narrowest level first; empty when the model has none.</param>
/// <param name="AtOrigin">The last value of the series at the origin.</param>
/// <param name="AbsoluteScale"><see cref="PointAccuracy.SeasonalAbsoluteScale"/> of the fold's training rows.</param>
/// <param name="SquaredScale"><see cref="PointAccuracy.SeasonalSquaredScale"/> of the fold's training rows.</param>
public sealed record ForecastRow(
    string SeriesId,
    int Fold,
    DateTimeOffset Origin,
    DateTimeOffset Timestamp,
    int Step,
    double Actual,
    double Mean,
    IReadOnlyList<IntervalBounds> Intervals,
    double AtOrigin,
    double AbsoluteScale,
    double SquaredScale);
