namespace Sequence.Forecasting;

/// <summary>Level, trend and season of exponential smoothing, filtered along a series.</summary>
internal sealed class ExponentialSmoothingState
{
    private readonly SeasonComponent _season;
    private readonly double[] _seasonal;
    private double _level;
    private double _trend;
    private int _phase;

    private ExponentialSmoothingState(SeasonComponent season, double[] seasonal, double level, double trend)
    {
        _season = season;
        _seasonal = seasonal;
        _level = level;
        _trend = trend;
    }

    /// <summary>
    /// The state before the first row by the heuristic of Hyndman et al. (2008), section 2.6.1: the season from a
    /// classical decomposition of the first rows, then a line through the first ten values without their season.
    /// </summary>
    internal static ExponentialSmoothingState Initial(
        ReadOnlySpan<double> values, bool hasTrend, SeasonComponent season, int period)
    {
        var head = values[..Math.Min(values.Length, season == SeasonComponent.None ? 10 : Math.Max(10, 4 * period))];
        var indices = season == SeasonComponent.None ? [] : ClassicalDecomposition.SeasonalIndices(head, period, season);
        var level = ClassicalDecomposition.Deseasonalise(head, indices, season).AsSpan();
        level = level[..Math.Min(level.Length, Math.Max(10, period))];
        if (!hasTrend)
        {
            return new ExponentialSmoothingState(season, indices, LinearTrend.Fit(level).Mean, 0);
        }

        var line = LinearTrend.Fit(level);
        return new ExponentialSmoothingState(season, indices, line.At(-1), line.Slope);
    }

    internal ExponentialSmoothingState Copy() => new(_season, [.. _seasonal], _level, _trend);

    /// <summary>Filters the values and returns the sum of squared one-step errors.</summary>
    internal double Filter(ReadOnlySpan<double> values, ExponentialSmoothingParameters parameters)
    {
        // Locals instead of fields and a counted phase instead of a remainder: a fit runs this loop some hundred times.
        var (alpha, beta, gamma, phi) = parameters;
        var (level, trend, phase) = (_level, _trend, _phase);
        var isMultiplicative = _season == SeasonComponent.Multiplicative;
        var seasonal = _seasonal;
        var sum = 0.0;
        foreach (var value in values)
        {
            var before = level + (phi * trend);
            var error = value - before;
            var withoutSeason = value;
            if (seasonal.Length > 0)
            {
                var old = seasonal[phase];
                error = isMultiplicative ? value - (before * old) : error - old;
                withoutSeason = isMultiplicative ? value / old : value - old;
                var withoutLevel = isMultiplicative ? value / before : value - before;
                seasonal[phase] = (gamma * withoutLevel) + ((1 - gamma) * old);
                phase = phase + 1 == seasonal.Length ? 0 : phase + 1;
            }

            var next = (alpha * withoutSeason) + ((1 - alpha) * before);
            trend = (beta * (next - level)) + ((1 - beta) * phi * trend);
            level = next;
            sum += error * error;
        }

        (_level, _trend, _phase) = (level, trend, phase);
        return sum;
    }

    internal void Forecast(double phi, Span<double> mean)
    {
        var trend = 0.0;
        var factor = 1.0;
        for (var step = 0; step < mean.Length; step++)
        {
            factor *= phi;
            trend += factor * _trend;
            mean[step] = _season switch
            {
                SeasonComponent.Additive => _level + trend + _seasonal[(_phase + step) % _seasonal.Length],
                SeasonComponent.Multiplicative => (_level + trend) * _seasonal[(_phase + step) % _seasonal.Length],
                _ => _level + trend,
            };
        }
    }
}
