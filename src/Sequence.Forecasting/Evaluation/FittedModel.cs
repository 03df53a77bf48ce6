namespace Sequence.Forecasting;

/// <summary>A model and the series it was fitted on.</summary>
internal sealed record FittedModel(IForecastModel Model, IReadOnlySet<string> SeriesIds);
