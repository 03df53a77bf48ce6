using System.Runtime.InteropServices;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Reporting;

namespace Sequence.Cli.Quickstart;

/// <summary>The report of a quickstart: one HTML file.</summary>
internal static class QuickstartReport
{
    private const int HistoryRows = 120;

    public static ForecastReport Create(QuickstartRun run, QuickstartResult result)
    {
        var series = run.Series;
        var description = DataDescription.Describe(series);
        var tail = Math.Min(HistoryRows, series.Length);
        var main = result.Evaluations[0];
        var firstSteps = main.Table.Rows.Where(row => row.Step == 1).ToArray();
        return new ForecastReport
        {
            Title = $"Forecast of {run.Target}",
            Subtitle = $"{result.Model.Name} beside baselines, {run.Horizon} steps ahead",
            Target = run.Target,
            Data =
            [
                new("source", run.Source),
                new("rows", $"{description.Rows:N0}, frequency {description.Frequency}"),
                new("period", $"{description.Start:yyyy-MM-dd} to {description.End:yyyy-MM-dd}"),
                new("fingerprint", DataFingerprint.Compute(series)),
            ],
            Measures =
            [
                new("MAE"),
                new("RMSE"),
                new("MASE"),
                new("CRPS"),
                .. main.Accuracy.Intervals.Select(interval => new ReportMeasure($"coverage {interval.Level} %, in %", MeasureGoal.None)),
            ],
            Models = [.. result.Evaluations.Select(one => new ModelScore(one.Forecaster, IsBaseline(result, one), Scores(one.Accuracy)))],
            Evaluation =
                $"Rolling origin: {main.Folds} origins one row apart over the last rows of the series, {run.Horizon} steps from each. Every " +
                "model was fitted once on the rows before the first origin; its intervals were calibrated on the last fifth of " +
                "those, which it was not fitted on.",
            Forecast = new ForecastFan(
                result.Model.Name,
                series.Timestamps[^tail..].ToArray(),
                series.Values[^tail..].ToArray(),
                result.Forecast.Timestamps,
                result.Forecast.Mean,
                [.. result.Forecast.Intervals.Select(interval => new FanInterval(interval.Level, interval.Lower, interval.Upper))]),
            ErrorsByHorizon =
            [
                .. result.Evaluations.Select(one => new HorizonErrors(
                    one.Forecaster,
                    IsBaseline(result, one),
                    [.. one.AccuracyByStep.Values.Select(accuracy => accuracy.MeanAbsoluteError)])),
            ],
            Residuals = new ResidualSeries(
                $"{main.Forecaster}, one step ahead",
                [.. firstSteps.Select(row => row.Timestamp)],
                [.. firstSteps.Select(row => row.Actual - row.Mean)]),
            Training =
            [
                new TrainingCurve(
                    result.Model.Name,
                    [.. result.Training.History.Select(epoch => epoch.TrainingLoss)],
                    [.. result.Training.History.Select(epoch => epoch.ValidationLoss).OfType<double>()],
                    result.Training.BestEpoch),
            ],
            Provenance =
            [
                new("command", "sequence " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1))),
                new("seed", run.Seed.ToString()),
                new("machine", $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors"),
                new("runtime", RuntimeInformation.FrameworkDescription),
                new("time taken", $"{result.Seconds:N1} s"),
                new("written", TimeProvider.System.GetUtcNow().ToString("u")),
            ],
        };
    }

    private static bool IsBaseline(QuickstartResult result, RollingOriginResult one) =>
        !result.NeuralNames.Contains(one.Forecaster, StringComparer.Ordinal);

    private static double[] Scores(AccuracyReport accuracy) =>
    [
        accuracy.MeanAbsoluteError,
        accuracy.RootMeanSquaredError,
        accuracy.MeanAbsoluteScaledError ?? double.NaN,
        accuracy.ContinuousRankedProbabilityScore ?? double.NaN,
        .. accuracy.Intervals.Select(interval => interval.Coverage),
    ];
}
