using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// A forecaster that treats every series of a panel on its own: one set of parameters for each identifier. The
/// parameters are what is estimated; everything else (levels, seasons, lags) is state, which
/// <see cref="Forecast"/> derives from whatever history it is given.
/// </summary>
/// <typeparam name="TParameters">What is estimated on one series; immutable.</typeparam>
public abstract class LocalForecaster<TParameters> : IForecaster
    where TParameters : class
{
    /// <inheritdoc />
    public abstract string Name { get; }

    /// <summary>Rows a series needs at least to be fitted on.</summary>
    public abstract int MinimumFitRows { get; }

    /// <inheritdoc />
    public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        var previous = warmStart as LocalModel<TParameters>;
        var parameters = new Dictionary<string, TParameters>(StringComparer.Ordinal);
        foreach (var series in history)
        {
            cancellationToken.ThrowIfCancellationRequested();
            HistoryCheck.Require(series, MinimumFitRows, Name, "be fitted");
            parameters.Add(series.Id, FitSeries(series, previous?.Parameters.GetValueOrDefault(series.Id)));
        }

        return new LocalModel<TParameters>(this, parameters);
    }

    /// <summary>Estimates the parameters of one series.</summary>
    /// <param name="history">Finite values, at least <see cref="MinimumFitRows"/> of them.</param>
    /// <param name="warmStart">Parameters of an earlier fit to start a search from, or null.</param>
    protected abstract TParameters FitSeries(TimeSeries history, TParameters? warmStart);

    /// <summary>Rows a history needs at least for a forecast with these parameters.</summary>
    protected internal abstract int MinimumHistory(TParameters parameters);

    /// <summary>Writes the point forecasts for the steps after the last row.</summary>
    /// <param name="history">Finite values, at least <see cref="MinimumHistory"/> of them.</param>
    /// <param name="parameters">What <see cref="FitSeries"/> estimated for this series.</param>
    /// <param name="mean">Receives the forecasts, [horizon].</param>
    protected internal abstract void Forecast(TimeSeries history, TParameters parameters, Span<double> mean);
}
