using Sequence.Daemon.Engine;
using Sequence.Daemon.Jobs;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Dashboard;

/// <summary>What the panels of one series are drawn from.</summary>
/// <param name="Series">The series.</param>
/// <param name="Newest">Its newest observations, oldest first.</param>
/// <param name="Forecasts">Its newest forecasts, newest first.</param>
/// <param name="WatchOptions">How it is watched.</param>
/// <param name="Now">When this was read.</param>
internal sealed record SeriesHistory(
    SeriesDefinition Series, IReadOnlyList<Observation> Newest, IReadOnlyList<ForecastRecord> Forecasts, WatchOptions WatchOptions, DateTimeOffset Now)
{
    /// <summary>Why observations or forecasts could not be read; null when they were.</summary>
    public string? HistoryFault { get; init; }

    /// <summary>Its state; null when it does not answer.</summary>
    public SeriesStatus? Status { get; init; }

    /// <summary>Why it does not.</summary>
    public string? StatusFault { get; init; }

    /// <summary>How well it is forecast; null when it does not answer.</summary>
    public WatchReport? Watch { get; init; }

    /// <summary>Why it does not.</summary>
    public string? WatchFault { get; init; }

    /// <summary>The registered model it names; null when it names none, and then there is nothing of the following.</summary>
    public string? ModelName => ModelShelf.RegisteredName(Series.Model);

    /// <summary>That model; null when it cannot be read.</summary>
    public ModelView? Model { get; init; }

    /// <summary>Why it cannot.</summary>
    public string? ModelFault { get; init; }

    /// <summary>The jobs of that model, newest first; null when they cannot be read.</summary>
    public IReadOnlyList<JobRecord>? Jobs { get; init; }

    /// <summary>Why they cannot.</summary>
    public string? JobsFault { get; init; }

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
