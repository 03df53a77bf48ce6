using System.Buffers;
using System.Globalization;
using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Engine;

/// <summary>
/// A baseline, fitted again on the newest rows at every forecast: 500 rows, or four times its season or number where those are longer. Its
/// intervals are split-conformal on the last quarter of those rows; there are none as long as that quarter holds too few
/// errors for the highest level.
/// </summary>
internal sealed class BaselineState : SeriesState
{
    private const int Rows = 500;
    private const int Seasons = 4;
    private const int LongestSeason = 10_000;

    private readonly IForecaster _forecaster;

    public BaselineState(SeriesDefinition definition)
        : base(definition, Version(definition), RowsOf(definition))
    {
        _forecaster = BaselineCatalogue.Create(definition.Model, definition.Frequency);
    }

    public override int? RowsToReplay => RowsOf(Definition);

    public override double? WidestLevel(int horizon) => Math.Max(0, ScoresOf(Count, horizon)) is var scores && scores > 0 ? 100.0 * scores / (scores + 1) : null;

    protected override void Take(double value)
    {
    }

    protected override void WriteCarried(IBufferWriter<byte> writer)
    {
    }

    protected override void ReadCarried(ReadOnlySpan<byte> bytes)
    {
    }

    protected override ValueTask<Forecast> ForecastAsync(
        TimeSeries newest, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels) =>
        ValueTask.FromResult(Forecast(newest, horizon, levels, effectiveLevels));

    private Forecast Forecast(TimeSeries newest, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels)
    {
        if (levels.Count > 0 && CanCalibrate(newest.Length, horizon, levels.Max()))
        {
            try
            {
                var fitted = (CalibratedModel)new ConformalForecaster(_forecaster, new ConformalOptions { Horizon = horizon }).Fit(newest);
                var forecast = fitted.Forecast(newest, horizon);
                return forecast with { Intervals = fitted.Calibrations[newest.Id].Around(newest, forecast.Mean, levels, effectiveLevels) };
            }
            catch (DataFormatException)
            {
                // What is left beside the calibration part may be too short for this baseline; all rows may do.
            }
        }

        return _forecaster.Fit(newest).Forecast(newest, horizon);
    }

    /// <summary>A level of p % needs p / (100 - p) errors.</summary>
    private static bool CanCalibrate(int rows, int horizon, double level) => ScoresOf(rows, horizon) >= Math.Ceiling(level / (100 - level));

    /// <summary>Step s of n calibration rows has n - s + 1 errors; the last step has fewest.</summary>
    private static int ScoresOf(int rows, int horizon) =>
        (int)(new ConformalOptions { Horizon = horizon }.CalibrationFraction * rows) - horizon + 1;

    private static int RowsOf(SeriesDefinition definition)
    {
        var season = Math.Max(BaselineCatalogue.SeasonLength(definition.Frequency), NumberOf(definition.Model));
        return season <= LongestSeason
            ? Math.Max(Rows, Seasons * season)
            : throw new ConfigurationException($"The number in '{definition.Model}' is {season}; give at most {LongestSeason}.");
    }

    private static int NumberOf(string model) =>
        int.TryParse(model.AsSpan(model.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Version(SeriesDefinition definition) =>
        $"{definition.Model}@{typeof(BaselineCatalogue).Assembly.GetName().Version}";
}
