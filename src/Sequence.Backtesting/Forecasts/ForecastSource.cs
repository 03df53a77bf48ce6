using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting;

/// <summary>
/// Where a strategy's forecasts come from: a finished table, or a function that makes them from the market of the run. Only the
/// second lets the look-ahead guard see into the making of the forecasts, because it makes them again from a market cut short.
/// </summary>
public sealed class ForecastSource
{
    private readonly Func<Market, ForecastTable> _table;
    private readonly int _step;
    private readonly int _maximumAge;

    private ForecastSource(Func<Market, ForecastTable> table, int step, int? maximumAge)
    {
        var faults = new List<string>();
        if (step < 1)
        {
            faults.Add($"A forecast source has the step {step}; give at least 1 step ahead.");
        }

        if (maximumAge < 0)
        {
            faults.Add($"A forecast source has a maximum age of {maximumAge} bars; give 0 or more.");
        }

        ConfigurationException.ThrowIfAny(faults);
        _table = table;
        _step = step;
        _maximumAge = maximumAge ?? step - 1;
    }

    /// <summary>Forecasts made beforehand.</summary>
    /// <param name="table">Forecasts of prices, series named like the assets.</param>
    /// <param name="step">Steps ahead of the forecasts used.</param>
    /// <param name="maximumAge">
    /// Bars of the asset after which a forecast counts no more; null is step - 1, so that it counts until its target comes.
    /// </param>
    /// <exception cref="ConfigurationException">The step is below 1 or the age negative.</exception>
    public static ForecastSource FromTable(ForecastTable table, int step = 1, int? maximumAge = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new ForecastSource(_ => table, step, maximumAge);
    }

    /// <summary>
    /// Forecasts made from the market of the run when it starts. The function should also forecast from the last bar of the
    /// market, whose outcome is not known, as <see cref="MarketForecasts.WalkForward"/> does: on a market cut short the last
    /// bar's decision is what the guard compares.
    /// </summary>
    /// <param name="make">Makes the table; series named like the assets.</param>
    /// <param name="step">Steps ahead of the forecasts used.</param>
    /// <param name="maximumAge">Bars of the asset after which a forecast counts no more; null is step - 1.</param>
    /// <exception cref="ConfigurationException">The step is below 1 or the age negative.</exception>
    public static ForecastSource FromMarket(Func<Market, ForecastTable> make, int step = 1, int? maximumAge = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        return new ForecastSource(make, step, maximumAge);
    }

    /// <summary>A forecaster walked forward over the market of the run, <see cref="MarketForecasts.WalkForward"/>.</summary>
    /// <param name="forecaster">What to fit and forecast with.</param>
    /// <param name="frequency">Spacing of the bars.</param>
    /// <param name="options">Folds; the horizon is at least the step. Give the first origin as rows or a date: a fraction moves with the market's length.</param>
    /// <param name="step">Steps ahead of the forecasts used.</param>
    /// <param name="maximumAge">Bars of the asset after which a forecast counts no more; null is step - 1.</param>
    /// <exception cref="ConfigurationException">The step is below 1, the age negative, or the options have a folder or a time budget.</exception>
    public static ForecastSource WalkForward(
        IForecaster forecaster, Frequency frequency, RollingOriginOptions options, int step = 1, int? maximumAge = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Folder is null && options.TimeBudget is null
            ? FromMarket(market => MarketForecasts.WalkForward(market, forecaster, frequency, options), step, maximumAge)
            : throw new ConfigurationException(
                "Folder or TimeBudget is set, but a strategy walks forward anew over every market it is run on, also over those that the look-ahead " +
                "guard cuts short. Leave them out, or make the table once with MarketForecasts.WalkForward and take ForecastSource.FromTable.");
    }

    internal ForecastReader Open(Market market) => new(new ForecastSignals(_table(market), _step), _maximumAge);
}
