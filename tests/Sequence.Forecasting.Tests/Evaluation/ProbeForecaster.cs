using Sequence.Data;

namespace Sequence.Forecasting.Tests;

/// <summary>
/// A forecaster whose forecasts show all that went into them: the last value fitted on, rows, seed, validation rows and the
/// models a warm fit came from. Holds no state of a fit, so that folds may run beside each other.
/// </summary>
internal sealed class ProbeForecaster : IForecaster
{
    private readonly Lock _gate = new();

    public string Name => "probe";

    public Action<Panel>? OnFit { get; init; }

    public Action<TimeSeries>? OnForecast { get; init; }

    /// <summary>Last value of the first series of every fit begun, in order.</summary>
    public List<double> FitEnds { get; } = [];

    /// <summary>Last value of every forecast begun, in order.</summary>
    public List<double> ForecastEnds { get; } = [];

    public List<FitContext> Contexts { get; } = [];

    public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        Fit(history, new FitContext { WarmStart = warmStart }, cancellationToken);

    public IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            FitEnds.Add(history[0].Values.Span[^1]);
            Contexts.Add(context);
        }

        OnFit?.Invoke(history);
        var level = history.Sum(series => series.Values.Span[^1] + (series.Length / 1024.0)) +
            ((context.Seed ?? 0) % 1000 / 7.0) + (context.Validation?.Count(history[0].Length) ?? 0) +
            (((context.WarmStart as Model)?.Level ?? 0) / 3);
        return new Model(this, level);
    }

    private sealed class Model(ProbeForecaster forecaster, double level) : IForecastModel
    {
        public double Level => level;

        public string Name => forecaster.Name;

        public int MinimumHistory => 1;

        public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
        {
            lock (forecaster._gate)
            {
                forecaster.ForecastEnds.Add(history.Values.Span[^1]);
            }

            forecaster.OnForecast?.Invoke(history);
            var mean = Enumerable.Range(1, horizon).Select(step => (level / step) + history.Values.Span[^1]).ToArray();
            return new Forecast(
                history.Id,
                history.Timestamps.Span[^1],
                history.FutureTimestamps(horizon),
                mean,
                [.. (levels ?? []).Select(one => new PredictionInterval(
                    one, Array.ConvertAll(mean, value => value - one), Array.ConvertAll(mean, value => value + one)))]);
        }
    }
}
