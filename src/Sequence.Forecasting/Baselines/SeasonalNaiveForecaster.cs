using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Seasonal naive: every step repeats the value one season ago, f[n+h] = y[n+h-m*ceil(h/m)].</summary>
public sealed class SeasonalNaiveForecaster : LocalForecaster<NoParameters>
{
    /// <summary>Creates the forecaster.</summary>
    /// <param name="period">Rows in a season, m; at least 1 (which is persistence).</param>
    /// <exception cref="ConfigurationException">The period is below 1.</exception>
    public SeasonalNaiveForecaster(int period)
    {
        if (period < 1)
        {
            throw new ConfigurationException($"Seasonal naive: period is {period}; give the rows in a season, at least 1.");
        }

        Period = period;
    }

    /// <summary>Rows in a season.</summary>
    public int Period { get; }

    /// <inheritdoc />
    public override string Name => $"seasonal-naive-{Period}";

    /// <inheritdoc />
    public override int MinimumFitRows => Period;

    /// <inheritdoc />
    protected override NoParameters FitSeries(TimeSeries history, NoParameters? warmStart) => NoParameters.Instance;

    /// <inheritdoc />
    protected internal override int MinimumHistory(NoParameters parameters) => Period;

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, NoParameters parameters, Span<double> mean)
    {
        var season = history.Values.Span[^Period..];
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = season[step % Period];
        }
    }
}
