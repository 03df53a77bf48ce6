using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// Gives any forecaster split-conformal intervals: the inner forecaster is fitted on the history without its last rows,
/// its absolute errors over those rows, divided by the scale at their origins, become an <see cref="IntervalCalibration"/>
/// for each series, and the inner forecaster may then be fitted again on everything.
/// </summary>
public sealed class ConformalForecaster : IForecaster
{
    private readonly IForecaster _inner;
    private readonly ConformalOptions _options;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="inner">Makes the point forecasts.</param>
    /// <param name="options">How to calibrate.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public ConformalForecaster(IForecaster inner, ConformalOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _inner = inner;
        _options = options;
    }

    /// <summary>Name of the inner forecaster, whose point forecasts these are.</summary>
    public string Name => _inner.Name;

    /// <inheritdoc />
    public string Fingerprint => $"{_options} around {_inner.Fingerprint}";

    /// <inheritdoc />
    /// <exception cref="DataFormatException">A series is too short to be fitted and calibrated, or has missing values.</exception>
    public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        Fit(history, new FitContext { WarmStart = warmStart }, cancellationToken);

    /// <inheritdoc />
    /// <remarks>The inner forecaster's validation part is the end of the rows it is fitted on, before the calibration part.</remarks>
    /// <exception cref="DataFormatException">A series is too short to be fitted and calibrated, or has missing values.</exception>
    public IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var previous = (context.WarmStart as CalibratedModel)?.Inner;
        var parts = history.Select(series => (Series: series, Rows: CalibrationRows(series))).ToArray();
        var fitted = _inner.Fit(
            new Panel(parts.Select(part => part.Series.Slice(0, part.Series.Length - part.Rows))),
            context with { WarmStart = previous },
            cancellationToken);
        var calibrations = parts.ToDictionary(
            part => part.Series.Id,
            part => IntervalCalibration.Calibrate(
                fitted, part.Series, part.Rows, _options.Horizon, _options.ScaleSpan, cancellationToken),
            StringComparer.Ordinal);
        return new CalibratedModel(
            _options.Refit
                ? _inner.Fit(history, context with { WarmStart = previous is null ? null : fitted }, cancellationToken)
                : fitted,
            calibrations);
    }

    private int CalibrationRows(TimeSeries series)
    {
        var rows = _options.CalibrationRows ?? (int)(_options.CalibrationFraction * series.Length);
        return rows >= _options.Horizon && rows < series.Length
            ? rows
            : throw new DataFormatException(
                $"Series '{series.Id}' has {series.Length} rows, of which {rows} would calibrate intervals for " +
                $"{_options.Horizon} steps; that takes at least {_options.Horizon}, and rows before them to fit on. " +
                "Give a longer history, a larger calibration part or a shorter horizon.");
    }
}
