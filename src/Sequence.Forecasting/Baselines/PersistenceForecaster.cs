using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Persistence, also called the naive method or random walk: f[n+h] = y[n].</summary>
public sealed class PersistenceForecaster : LocalForecaster<NoParameters>
{
    /// <inheritdoc />
    public override string Name => "persistence";

    /// <inheritdoc />
    public override int MinimumFitRows => 1;

    /// <inheritdoc />
    protected override NoParameters FitSeries(TimeSeries history, NoParameters? warmStart) => NoParameters.Instance;

    /// <inheritdoc />
    protected internal override int MinimumHistory(NoParameters parameters) => 1;

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, NoParameters parameters, Span<double> mean) =>
        mean.Fill(history.Values.Span[^1]);
}
