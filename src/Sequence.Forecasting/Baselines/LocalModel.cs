using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>The fitted form of a <see cref="LocalForecaster{TParameters}"/>: parameters by series identifier.</summary>
/// <typeparam name="TParameters">What was estimated on one series.</typeparam>
public sealed class LocalModel<TParameters> : IForecastModel
    where TParameters : class
{
    private readonly LocalForecaster<TParameters> _forecaster;

    internal LocalModel(LocalForecaster<TParameters> forecaster, IReadOnlyDictionary<string, TParameters> parameters)
    {
        _forecaster = forecaster;
        Parameters = parameters;
        MinimumHistory = parameters.Values.Select(forecaster.MinimumHistory).DefaultIfEmpty(1).Max();
    }

    /// <summary>What was estimated, by series identifier.</summary>
    public IReadOnlyDictionary<string, TParameters> Parameters { get; }

    /// <inheritdoc />
    public string Name => _forecaster.Name;

    /// <inheritdoc />
    public int MinimumHistory { get; }

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">The horizon is below 1.</exception>
    public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (horizon < 1)
        {
            throw new ConfigurationException($"Horizon is {horizon}; give at least 1 step ahead.");
        }

        if (!Parameters.TryGetValue(history.Id, out var parameters))
        {
            throw new DataFormatException(
                $"{Name} was not fitted on series '{history.Id}'; it knows {string.Join(", ", Parameters.Keys.Take(20))}. " +
                "Fit it on a panel that holds the series.");
        }

        HistoryCheck.Require(history, _forecaster.MinimumHistory(parameters), Name, "forecast");
        var mean = new double[horizon];
        _forecaster.Forecast(history, parameters, mean);
        for (var step = 0; step < horizon; step++)
        {
            if (!double.IsFinite(mean[step]))
            {
                throw new ModelException(
                    $"{Name} leaves the range of numbers on series '{history.Id}' at step {step + 1} of {horizon}. " +
                    "Shorten the horizon, rescale the series, or choose a simpler forecaster.");
            }
        }

        return new Forecast(history.Id, history.Timestamps.Span[^1], history.FutureTimestamps(horizon), mean, []);
    }
}
