namespace Sequence.Forecasting;

/// <summary>How <see cref="ConformalForecaster"/> calibrates.</summary>
public sealed record ConformalOptions
{
    /// <summary>
    /// Steps ahead to calibrate; at least 1. Intervals cannot be had beyond. A rolling-origin evaluation with a gap needs
    /// gap + horizon of them.
    /// </summary>
    public required int Horizon { get; init; }

    /// <summary>Rows at the end of the history to calibrate on; at least the horizon.</summary>
    /// <value>Default: null, which takes <see cref="CalibrationFraction"/>.</value>
    public int? CalibrationRows { get; init; }

    /// <summary>Share of the history to calibrate on, rounded down to rows; in (0, 1).</summary>
    /// <value>Default: 0.25.</value>
    public double CalibrationFraction { get; init; } = 0.25;

    /// <summary>
    /// Rows over which the width of the intervals follows how much the series moves of late, at least 1: errors are
    /// divided by the <see cref="VolatilityScale"/> of this span at their origin. Null gives every origin the same width,
    /// which covers too little after a calm calibration part and too much after a wild one.
    /// </summary>
    /// <value>Default: <see cref="VolatilityScale.DefaultSpan"/>.</value>
    public int? ScaleSpan { get; init; } = VolatilityScale.DefaultSpan;

    /// <summary>
    /// Whether the inner model is fitted again on the whole history after calibration. Better point forecasts; the
    /// guarantee of coverage then holds as far as the refitted model errs like the one calibrated.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Refit { get; init; } = true;

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Horizon < 1)
        {
            faults.Add($"Horizon is {Horizon}; give at least 1.");
        }

        if (CalibrationRows < Math.Max(1, Horizon))
        {
            faults.Add($"CalibrationRows is {CalibrationRows}; give at least the horizon ({Horizon}).");
        }

        if (CalibrationFraction is not (> 0 and < 1))
        {
            faults.Add($"CalibrationFraction is {CalibrationFraction}; give a share between 0 and 1.");
        }

        if (ScaleSpan < 1)
        {
            faults.Add($"ScaleSpan is {ScaleSpan}; give at least 1 row, or null for the same width at every origin.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }
}
