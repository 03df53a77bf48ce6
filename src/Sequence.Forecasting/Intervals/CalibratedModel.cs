using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// A model with intervals: the point forecasts of another model and a calibration for each series. Where the calibration
/// has a scale, the width follows the history given, so a history cut short should keep ten spans of rows.
/// </summary>
public sealed class CalibratedModel : IForecastModel
{
    /// <summary>Creates the model.</summary>
    /// <param name="inner">Makes the point forecasts.</param>
    /// <param name="calibrations">By series identifier.</param>
    public CalibratedModel(IForecastModel inner, IReadOnlyDictionary<string, IntervalCalibration> calibrations)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(calibrations);
        Inner = inner;
        Calibrations = calibrations;
    }

    /// <summary>Makes the point forecasts.</summary>
    public IForecastModel Inner { get; }

    /// <summary>What the intervals are made of, by series identifier.</summary>
    public IReadOnlyDictionary<string, IntervalCalibration> Calibrations { get; }

    /// <inheritdoc />
    public string Name => Inner.Name;

    /// <inheritdoc />
    public int MinimumHistory => Inner.MinimumHistory;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A level is outside (0, 100) or has too few calibration errors.</exception>
    public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        var forecast = Inner.Forecast(history, horizon);
        if (levels is null || levels.Count == 0)
        {
            return forecast;
        }

        return Calibrations.TryGetValue(history.Id, out var calibration)
            ? forecast with { Intervals = calibration.Around(history, forecast.Mean, levels) }
            : throw new DataFormatException(
                $"The intervals of {Name} were not calibrated on series '{history.Id}'; fit on a panel that holds it.");
    }
}
