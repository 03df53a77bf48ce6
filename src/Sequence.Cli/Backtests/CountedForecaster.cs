using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Cli.Backtests;

/// <summary>A forecaster that tells how many of the forecasts wanted of it have been made.</summary>
internal sealed class CountedForecaster(IForecaster inner, int forecasts, IProgress<double> progress) : IForecaster
{
    private readonly Lock _lock = new();
    private int _made;

    public string Name => inner.Name;

    public string Fingerprint => inner.Fingerprint;

    public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        Fit(history, new FitContext { WarmStart = warmStart }, cancellationToken);

    public IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default) => new Model(
        inner.Fit(history, context with { WarmStart = (context.WarmStart as Model)?.Inner ?? context.WarmStart }, cancellationToken), this);

    private void Count()
    {
        lock (_lock)
        {
            progress.Report(Math.Min(1, (double)++_made / forecasts));
        }
    }

    private sealed class Model(IForecastModel inner, CountedForecaster counter) : IForecastModel
    {
        public IForecastModel Inner { get; } = inner;

        public string Name => Inner.Name;

        public int MinimumHistory => Inner.MinimumHistory;

        public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
        {
            var forecast = Inner.Forecast(history, horizon, levels);
            counter.Count();
            return forecast;
        }
    }
}
