namespace Sequence.Forecasting;

/// <summary>Level, trend and season of exponential smoothing, filtered along a series.</summary>
internal sealed class ExponentialSmoothingState
{
    private readonly SeasonComponent _season;
    private readonly double[] _seasonal;
    private double _level;
    private double _trend;
    private int _row;

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
        var (alpha, beta, gamma, phi) = parameters;
        var sum = 0.0;
        foreach (var value in values)
        {
            var before = _level + (phi * _trend);
            var phase = _seasonal.Length == 0 ? 0 : _row % _seasonal.Length;
            var seasonal = _season == SeasonComponent.None ? 0 : _seasonal[phase];
            var forecast = _season == SeasonComponent.Multiplicative ? before * seasonal : before + seasonal;
            var withoutSeason = _season == SeasonComponent.Multiplicative ? value / seasonal : value - seasonal;
            var level = (alpha * withoutSeason) + ((1 - alpha) * before);
            _trend = (beta * (level - _level)) + ((1 - beta) * phi * _trend);
            _level = level;
            if (_season != SeasonComponent.None)
            {
                var withoutLevel = _season == SeasonComponent.Multiplicative ? value / before : value - before;
                _seasonal[phase] = (gamma * withoutLevel) + ((1 - gamma) * seasonal);
            }

            sum += (value - forecast) * (value - forecast);
            _row++;
        }

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
                SeasonComponent.Additive => _level + trend + _seasonal[(_row + step) % _seasonal.Length],
                SeasonComponent.Multiplicative => (_level + trend) * _seasonal[(_row + step) % _seasonal.Length],
                _ => _level + trend,
            };
        }
    }
}
