using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>A way of making forecasts: given a past, it fits a model. Holds options, never state.</summary>
public interface IForecaster
{
    /// <summary>Short name for tables, for example "seasonal-naive-5".</summary>
    string Name { get; }

    /// <summary>Fits on everything in <paramref name="history"/> and nothing after it.</summary>
    /// <param name="history">Series up to the origin, without missing values.</param>
    /// <param name="warmStart">A model this forecaster fitted before, to start from; null fits from cold.</param>
    /// <param name="cancellationToken">Stops a long fit.</param>
    /// <exception cref="DataFormatException">A series is too short or has missing values.</exception>
    IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default);
}
