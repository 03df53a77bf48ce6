using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Dashboard;

/// <summary>What the panels of one series are drawn from.</summary>
/// <param name="Series">The series.</param>
/// <param name="Status">Its state; null when it does not answer.</param>
/// <param name="Fault">Why it does not.</param>
/// <param name="Newest">Its newest observations, oldest first.</param>
/// <param name="Forecasts">Its newest forecasts, newest first.</param>
internal sealed record SeriesHistory(
    SeriesDefinition Series, SeriesStatus? Status, string? Fault, IReadOnlyList<Observation> Newest, IReadOnlyList<ForecastRecord> Forecasts)
{
    /// <summary>The first steps of the forecasts whose outcomes are known, oldest first; of several of one time the last issued.</summary>
    public IReadOnlyList<OneStepForecast> OneSteps { get; } =
    [
        .. Forecasts.Where(record => record.Outcomes is [not null, ..])
            .DistinctBy(record => record.Issued.Forecast.Timestamps[0])
            .Select(record => new OneStepForecast(
                record.Issued.Forecast.Timestamps[0], record.Issued.Forecast.Mean[0], record.Outcomes[0]!.Value, record.Issued.Forecast.Intervals))
            .OrderBy(one => one.Time),
    ];

    /// <summary>Means of a measure over the last rows before and at each, once there are as many; NaN before.</summary>
    public static double[] Rolling(IReadOnlyList<double> values, int window)
    {
        var means = new double[values.Count];
        for (var index = 0; index < means.Length; index++)
        {
            means[index] = index + 1 < window ? double.NaN : Enumerable.Range(index + 1 - window, window).Average(row => values[row]);
        }

        return means;
    }
}
