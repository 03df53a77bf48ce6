using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// The Theta method with theta = 2. With a + b t the least-squares line through the series without its season, the theta
/// line is z[t] = 2 y[t] - (a + b t), simple exponential smoothing brings it to a level l[n], and
/// <code>
/// f[n+h] = (l[n] + a + b (n + h)) / 2, times (or plus) the season
/// </code>
/// which is simple exponential smoothing with half the slope of the line as its drift.
/// </summary>
/// <remarks>
/// A season is taken out by classical multiplicative decomposition (additive when a value is not positive) if there are
/// three of them and |r[m]| exceeds 1.645 sqrt((1 + 2 (r[1]^2 + ... + r[m-1]^2)) / n), r the autocorrelations. Fitted are
/// alpha and whether there is a season; line, season and level follow from the history given. Sources: Assimakopoulos and
/// Nikolopoulos, The theta model, 2000; Hyndman and Billah, Unmasking the theta method, 2003; the benchmark Theta of the
/// M4 competition (Makridakis et al., 2020).
/// </remarks>
public sealed class ThetaForecaster : LocalForecaster<ThetaParameters>
{
    private const double SeasonalityQuantile = 1.645;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="period">Rows in a season, m; 1 for none.</param>
    /// <exception cref="ConfigurationException">The period is below 1.</exception>
    public ThetaForecaster(int period = 1)
    {
        if (period < 1)
        {
            throw new ConfigurationException($"Theta: period is {period}; give the rows in a season, or 1 for none.");
        }

        Period = period;
    }

    /// <summary>Rows in a season; 1 for none.</summary>
    public int Period { get; }

    /// <inheritdoc />
    public override string Name => Period == 1 ? "theta" : $"theta-{Period}";

    /// <inheritdoc />
    public override int MinimumFitRows => 3;

    /// <inheritdoc />
    protected override ThetaParameters FitSeries(TimeSeries history, ThetaParameters? warmStart)
    {
        ArgumentNullException.ThrowIfNull(history);
        var values = history.Values.Span;
        var season = SeasonOf(values);
        return new ThetaParameters(SimpleExponentialSmoothing.FindAlpha(ThetaLine(values, season).Values), season);
    }

    /// <inheritdoc />
    protected internal override int MinimumHistory(ThetaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Season == SeasonComponent.None ? 2 : 2 * Period;
    }

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, ThetaParameters parameters, Span<double> mean)
    {
        if (parameters.Season == SeasonComponent.Multiplicative)
        {
            HistoryCheck.RequirePositive(history, Name);
        }

        var rows = history.Length;
        var (theta, line, indices) = ThetaLine(history.Values.Span, parameters.Season);
        var level = SimpleExponentialSmoothing.Filter(theta, parameters.Alpha).Level;
        for (var step = 0; step < mean.Length; step++)
        {
            var next = (level + line.At(rows + step)) / 2;
            mean[step] = parameters.Season switch
            {
                SeasonComponent.Additive => next + indices[(rows + step) % Period],
                SeasonComponent.Multiplicative => next * indices[(rows + step) % Period],
                _ => next,
            };
        }
    }

    private (double[] Values, LinearTrend Line, double[] Indices) ThetaLine(
        ReadOnlySpan<double> values, SeasonComponent season)
    {
        var indices = season == SeasonComponent.None
            ? []
            : ClassicalDecomposition.SeasonalIndices(values, Period, season);
        var theta = ClassicalDecomposition.Deseasonalise(values, indices, season);
        var line = LinearTrend.Fit(theta);
        for (var row = 0; row < theta.Length; row++)
        {
            theta[row] = (2 * theta[row]) - line.At(row);
        }

        return (theta, line, indices);
    }

    private SeasonComponent SeasonOf(ReadOnlySpan<double> values)
    {
        if (Period == 1 || values.Length < 3L * Period || !IsSeasonal(values))
        {
            return SeasonComponent.None;
        }

        foreach (var value in values)
        {
            if (value <= 0)
            {
                return SeasonComponent.Additive;
            }
        }

        return SeasonComponent.Multiplicative;
    }

    private bool IsSeasonal(ReadOnlySpan<double> values)
    {
        var mean = LinearTrend.Fit(values).Mean;
        var variance = 0.0;
        foreach (var value in values)
        {
            variance += (value - mean) * (value - mean);
        }

        var bound = 1.0;
        var correlation = 0.0;
        for (var lag = 1; lag <= Period; lag++)
        {
            // The bound of lag m is made of the lags before it.
            bound += lag == 1 ? 0 : 2 * correlation * correlation;
            var products = 0.0;
            for (var row = lag; row < values.Length; row++)
            {
                products += (values[row] - mean) * (values[row - lag] - mean);
            }

            correlation = products / variance;
        }

        // A constant series has no correlation at all: NaN compares as not seasonal.
        return Math.Abs(correlation) > SeasonalityQuantile * Math.Sqrt(bound / values.Length);
    }
}
