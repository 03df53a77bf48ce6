using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli.Quickstart;

/// <summary>
/// Evaluates models and baselines alike: fitted once on the rows before the test part, intervals calibrated on the end of
/// those, then forecasts from every origin of the test part. The model that is kept is the first one fitted again on the
/// whole series.
/// </summary>
internal sealed class QuickstartRun(
    TimeSeries series,
    string source,
    string target,
    int horizon,
    double testShare,
    IReadOnlyList<double> levels,
    ulong seed)
{
    private const double CalibrationShare = 0.2;

    private static readonly string[] Baselines = ["persistence", "drift", "seasonal-naive", "ar-5", "ets", "theta"];

    public TimeSeries Series { get; } = series;

    public string Source { get; } = source;

    public string Target { get; } = target;

    public int Horizon { get; } = horizon;

    public ulong Seed { get; } = seed;

    /// <summary>Says how many rows are needed before anything is computed.</summary>
    /// <exception cref="DataFormatException">There are fewer.</exception>
    public static void RequireRows(
        TimeSeries series, int horizon, double testShare, int lookBack, IReadOnlyList<double> levels)
    {
        var trained = (1 - testShare) * (1 - CalibrationShare) * 0.8;
        var needed = Math.Max((int)Math.Ceiling((lookBack + horizon + 2) / trained), (int)Math.Ceiling(horizon / testShare));

        // An interval takes level / (100 - level) errors at the last step: 95 % takes 19.
        var errors = Math.Ceiling(levels[^1] / (100 - levels[^1]));
        needed = Math.Max(needed, (int)Math.Ceiling((horizon + errors) / ((1 - testShare) * CalibrationShare)));
        if (series.Length < needed)
        {
            throw new DataFormatException(
                $"Series '{series.Id}' has {series.Length} rows; with look-back {lookBack}, horizon {horizon} and intervals of " +
                $"{levels[^1]} % it takes at least {needed} to train, calibrate and judge. Give more rows, a shorter --horizon, " +
                "lower --levels, or --models with a shorter look-back.");
        }
    }

    public QuickstartResult Compute(
        IReadOnlyList<NeuralForecaster> neural, Relay relay, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var options = new RollingOriginOptions
        {
            Horizon = Horizon,
            FirstOrigin = FirstOrigin.AfterFraction(1 - testShare),
            Step = 1,
            Refit = RefitCadence.Once,
            Levels = levels,
        };
        IForecaster[] forecasters =
            [.. neural, .. Baselines.Select(name => BaselineCatalogue.Create(name, Series.Frequency))];
        var stages = neural.Count + 2.0;
        var evaluations = new List<RollingOriginResult>();
        foreach (var forecaster in forecasters)
        {
            var done = Math.Min(evaluations.Count, neural.Count) / stages;
            relay.Listener = new EpochProgress(new Stage(progress, done, 1 / stages));
            evaluations.Add(RollingOrigin.Evaluate(
                Calibrated(forecaster), Series, options, cancellationToken: cancellationToken));
        }

        relay.Listener = new EpochProgress(new Stage(progress, (stages - 1) / stages, 1 / stages));
        var model = (CalibratedModel)Calibrated(neural[0]).Fit(new Panel([Series]), cancellationToken: cancellationToken);
        return new QuickstartResult(
            evaluations,
            [.. neural.Select(one => one.Name)],
            model,
            ((NeuralForecastModel)model.Inner).Training,
            model.Forecast(Series, Horizon, levels),
            QuickstartBacktest.Run(Series, evaluations[0].Table, cancellationToken),
            TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    private ConformalForecaster Calibrated(IForecaster forecaster) => new(
        forecaster, new ConformalOptions { Horizon = Horizon, CalibrationFraction = CalibrationShare, Refit = false });

    private sealed class Stage(IProgress<double> whole, double from, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (share * value));
    }
}
