using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Shorthands for the contract.</summary>
public static class ForecastingExtensions
{
    /// <summary>Fits on a single series.</summary>
    /// <param name="forecaster">What to fit.</param>
    /// <param name="history">Series up to the origin, without missing values.</param>
    /// <param name="warmStart">A model this forecaster fitted before, to start from; null fits from cold.</param>
    /// <param name="cancellationToken">Stops a long fit.</param>
    /// <exception cref="DataFormatException">The series is too short or has missing values.</exception>
    public static IForecastModel Fit(
        this IForecaster forecaster,
        TimeSeries history,
        IForecastModel? warmStart = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(history);
        return forecaster.Fit(new Panel([history]), warmStart, cancellationToken);
    }
}
