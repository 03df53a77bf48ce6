using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// Random walk with drift: f[n+h] = y[n] + h b, where b = (y[N] - y[1]) / (N - 1) is the mean change over the N rows
/// fitted on.
/// </summary>
public sealed class DriftForecaster : LocalForecaster<DriftParameters>
{
    /// <inheritdoc />
    public override string Name => "drift";

    /// <inheritdoc />
    public override int MinimumFitRows => 2;

    /// <inheritdoc />
    protected override DriftParameters FitSeries(TimeSeries history, DriftParameters? warmStart)
    {
        ArgumentNullException.ThrowIfNull(history);
        var values = history.Values.Span;
        return new DriftParameters((values[^1] - values[0]) / (values.Length - 1));
    }

    /// <inheritdoc />
    protected internal override int MinimumHistory(DriftParameters parameters) => 1;

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, DriftParameters parameters, Span<double> mean)
    {
        var last = history.Values.Span[^1];
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = last + ((step + 1) * parameters.Slope);
        }
    }
}
