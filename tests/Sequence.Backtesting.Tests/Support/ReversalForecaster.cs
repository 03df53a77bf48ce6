using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting.Tests;

/// <summary>Half of the last change comes back, give or take one in a hundred; estimates a level of changes from all series together.</summary>
internal sealed class ReversalForecaster : IForecaster
{
    public string Name => "reversal";

    public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        new Model(history.Average(series => (series.Values.Span[^1] / series.Values.Span[0]) - 1) / 1000);

    private sealed class Model(double drift) : IForecastModel
    {
        public string Name => "reversal";

        public int MinimumHistory => 1;

        public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
        {
            var values = history.Values.Span;
            var change = values.Length > 1 ? values[^1] - values[^2] : 0;
            var mean = Enumerable.Repeat(values[^1] - (change / 2) + (drift * values[^1]), horizon).ToArray();
            return new Forecast(
                history.Id,
                history.Timestamps.Span[^1],
                history.FutureTimestamps(horizon),
                mean,
                [.. (levels ?? []).Select(level => new PredictionInterval(
                    level, Array.ConvertAll(mean, value => value * 0.99), Array.ConvertAll(mean, value => value * 1.01)))]);
        }
    }
}
