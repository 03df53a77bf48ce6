using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;

namespace Sequence.Training;

/// <summary>
/// Another forecaster on log-returns: r[t] = ln(y[t] / y[t-1]) goes in, its forecasts are compounded from the last value.
/// </summary>
internal sealed class LogReturnForecaster(IForecaster inner) : IForecaster
{
    public string Name => inner.Name;

    public string Fingerprint => $"log-returns of {inner.Fingerprint}";

    public IForecastModel Fit(
        Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        Fit(history, new FitContext { WarmStart = warmStart }, cancellationToken);

    public IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default) =>
        new Model(inner.Fit(
            new Panel([.. history.Select(Returns)]),
            context with { WarmStart = (context.WarmStart as Model)?.Inner },
            cancellationToken));

    private static TimeSeries Returns(TimeSeries series)
    {
        var returns = new double[series.Length - 1];
        LogReturnScaler.Fit(series.Values.Span).Transform(series.Values.Span, returns);
        return new TimeSeries(series.Id, series.Frequency, series.Timestamps[1..], returns);
    }

    private sealed class Model(IForecastModel inner) : IForecastModel
    {
        public IForecastModel Inner => inner;

        public string Name => inner.Name;

        public int MinimumHistory => inner.MinimumHistory + 1;

        public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
        {
            var returns = inner.Forecast(Returns(history), horizon);
            var mean = new double[horizon];
            new LogReturnScaler().Invert(returns.Mean, history.Values.Span[^1], mean);
            return returns with { Mean = mean };
        }
    }
}
