using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// A fitted model. It forecasts from the end of any history it is given, without being fitted again and without looking
/// past that end. Thread-safe.
/// </summary>
public interface IForecastModel
{
    /// <summary>Name of the forecaster that fitted it.</summary>
    string Name { get; }

    /// <summary>How many rows a history must have at least.</summary>
    int MinimumHistory { get; }

    /// <summary>Forecasts the next <paramref name="horizon"/> steps after the last row of <paramref name="history"/>.</summary>
    /// <param name="history">Everything known at the origin, of a series the model was fitted on.</param>
    /// <param name="horizon">Steps ahead; at least 1.</param>
    /// <param name="levels">Coverage of the wanted intervals in percent; ignored by models that have none.</param>
    /// <exception cref="DataFormatException">The history is too short or has missing values.</exception>
    /// <exception cref="ModelException">The horizon is longer than the model can forecast.</exception>
    Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null);
}
