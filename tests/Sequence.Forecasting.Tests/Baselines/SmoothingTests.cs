using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class SmoothingTests
{
    [TestMethod]
    public void ExponentialSmoothing_OnLine_ContinuesIt()
    {
        var series = Series.Of(Enumerable.Range(0, 30).Select(row => 5 - (2.0 * row)).ToArray());
        var mean = new ExponentialSmoothingForecaster(TrendComponent.Additive).Fit(series).Forecast(series, 4).Mean;
        Series.AreClose([-55, -57, -59, -61], mean, 1e-9);
    }

    [TestMethod]
    [DataRow(SeasonComponent.Additive)]
    [DataRow(SeasonComponent.Multiplicative)]
    public void ExponentialSmoothing_OnLineWithSeason_ContinuesBoth(SeasonComponent season)
    {
        double[] pattern = season == SeasonComponent.Additive ? [3, -1, 0, -2] : [1.3, 0.9, 1, 0.8];
        var signal = Enumerable.Range(0, 48)
            .Select(row => season == SeasonComponent.Additive
                ? 50 + (0.5 * row) + pattern[row % 4]
                : 50 * pattern[row % 4])
            .ToArray();
        var series = Series.Of(signal[..40]);
        var mean = new ExponentialSmoothingForecaster(TrendComponent.Additive, season, 4).Fit(series).Forecast(series, 8).Mean;
        Series.AreClose(signal[40..], mean, 1e-8);
    }

    [TestMethod]
    [DataRow(SeasonComponent.Additive, 4)]
    [DataRow(SeasonComponent.Multiplicative, 4)]
    [DataRow(SeasonComponent.Multiplicative, 12)]
    public void ExponentialSmoothing_Filter_MatchesTheEquations(SeasonComponent kind, int period)
    {
        // The recursions of the docstring written out plainly, over a growing list of seasons.
        var isAdditive = kind == SeasonComponent.Additive;
        double Without(double value, double part) => isAdditive ? value - part : value / part;
        var values = Noisy(20 * period, period, 7);
        var series = Series.Of(values);
        var model = (LocalModel<ExponentialSmoothingParameters>)new ExponentialSmoothingForecaster(
            TrendComponent.Damped, kind, period).Fit(series);
        var (alpha, beta, gamma, phi) = model.Parameters["x"];
        var (level, trend, initial) = InitialByHand(values, period, Without, isAdditive);
        var season = initial.ToList();
        foreach (var value in values)
        {
            var old = season[^period];
            var expected = level + (phi * trend);
            var next = (alpha * Without(value, old)) + ((1 - alpha) * expected);
            season.Add((gamma * Without(value, expected)) + ((1 - gamma) * old));
            trend = (beta * (next - level)) + ((1 - beta) * phi * trend);
            level = next;
        }

        var forecasts = Enumerable.Range(1, period + 2).Select(step =>
        {
            var line = level + (Enumerable.Range(1, step).Sum(power => Math.Pow(phi, power)) * trend);
            var ahead = season[^(period - ((step - 1) % period))];
            return isAdditive ? line + ahead : line * ahead;
        }).ToArray();
        Series.AreClose(forecasts, model.Forecast(series, period + 2).Mean, 1e-10);
    }

    [TestMethod]
    public void ExponentialSmoothing_Parameters_BeatAFineGrid()
    {
        // Level only: sum of squared errors over alpha on a grid, from the mean of the first ten values.
        var values = Series.RandomWalk(60, 11);
        var series = Series.Of(values);
        double Errors(double alpha)
        {
            var level = values[..10].Average();
            var sum = 0.0;
            foreach (var value in values)
            {
                sum += (value - level) * (value - level);
                level += alpha * (value - level);
            }

            return sum;
        }

        var model = (LocalModel<ExponentialSmoothingParameters>)new ExponentialSmoothingForecaster().Fit(series);
        var least = Enumerable.Range(1, 999).Min(index => Errors(index / 1000.0));
        Assert.That.IsWithin(least * (1 + 1e-6), Errors(model.Parameters["x"].Alpha));
    }

    [TestMethod]
    public void ExponentialSmoothing_WarmStart_ReachesTheColdOptimum()
    {
        var series = Series.Of(Noisy(120, 4, 3));
        var forecaster = new ExponentialSmoothingForecaster(TrendComponent.Additive, SeasonComponent.Additive, 4);
        var earlier = forecaster.Fit(series.Slice(0, 100));
        var cold = forecaster.Fit(series).Forecast(series, 4).Mean;
        Series.AreClose(cold, forecaster.Fit(series, earlier).Forecast(series, 4).Mean, 1e-2);
    }

    [TestMethod]
    public void ExponentialSmoothing_MultiplicativeOnNegativeValues_SaysWhatToDo()
    {
        var series = Series.Of([.. Enumerable.Repeat(3.0, 20), -1]);
        var error = Assert.ThrowsExactly<DataFormatException>(
            () => new ExponentialSmoothingForecaster(TrendComponent.None, SeasonComponent.Multiplicative, 4).Fit(series));
        Assert.Contains("row 20", error.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Theta_WithoutSeason_IsSmoothingWithHalfTheDrift()
    {
        // Hyndman and Billah (2003): the theta line's level plus line, expanded by hand over a brute-force search.
        var values = Series.RandomWalk(40, 9);
        var rows = values.Length;
        var centre = (rows - 1) / 2.0;
        var slope = Enumerable.Range(0, rows).Sum(row => (row - centre) * values[row])
            / Enumerable.Range(0, rows).Sum(row => (row - centre) * (row - centre));
        var intercept = values.Average() - (slope * centre);
        var line = values.Select((value, row) => (2 * value) - intercept - (slope * row)).ToArray();
        var best = (Error: double.PositiveInfinity, Level: 0.0);
        for (var alpha = 0.001; alpha < 1; alpha += 0.001)
        {
            for (var initial = -6.0; initial < 6; initial += 0.02)
            {
                var level = initial;
                var sum = 0.0;
                foreach (var value in line)
                {
                    sum += (value - level) * (value - level);
                    level += alpha * (value - level);
                }

                best = sum < best.Error ? (sum, level) : best;
            }
        }

        var series = Series.Of(values);
        var mean = new ThetaForecaster().Fit(series).Forecast(series, 3).Mean;
        var expected = Enumerable.Range(0, 3).Select(step => (best.Level + intercept + (slope * (rows + step))) / 2).ToArray();
        Series.AreClose(expected, mean, 5e-3);
        Assert.AreEqual(slope / 2, mean[1] - mean[0], 1e-10);
    }

    [TestMethod]
    public void Theta_OnPositiveSeasonalSeries_TakesAMultiplicativeSeason()
    {
        double[] pattern = [1.2, 0.7, 1.1, 1.0];
        var signal = Enumerable.Range(0, 48).Select(row => 80 * pattern[row % 4]).ToArray();
        var series = Series.Of(signal[..40]);
        var model = (LocalModel<ThetaParameters>)new ThetaForecaster(4).Fit(series);
        Assert.AreEqual(SeasonComponent.Multiplicative, model.Parameters["x"].Season);
        Series.AreClose(signal[40..], model.Forecast(series, 8).Mean, 1e-9);
    }

    [TestMethod]
    public void Theta_OnSeasonalSeriesAroundZero_TakesAnAdditiveSeason()
    {
        double[] pattern = [2, -7, 4, 1];
        var signal = Enumerable.Range(0, 48).Select(row => pattern[row % 4]).ToArray();
        var series = Series.Of(signal[..40]);
        var model = (LocalModel<ThetaParameters>)new ThetaForecaster(4).Fit(series);
        Assert.AreEqual(SeasonComponent.Additive, model.Parameters["x"].Season);
        Series.AreClose(signal[40..], model.Forecast(series, 8).Mean, 1e-9);
    }

    [TestMethod]
    public void Theta_OnNoise_FindsNoSeason()
    {
        var random = new Random(4);
        var series = Series.Of(Enumerable.Range(0, 100).Select(_ => 10 + random.NextDouble()).ToArray());
        var model = (LocalModel<ThetaParameters>)new ThetaForecaster(12).Fit(series);
        Assert.AreEqual(SeasonComponent.None, model.Parameters["x"].Season);
    }

    private static double[] Noisy(int rows, int period, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, rows)
            .Select(row => 20 + (0.3 * row) + (4 * Math.Sin(2 * Math.PI * row / period)) + random.NextDouble())
            .ToArray();
    }

    private static (double Level, double Trend, double[] Season) InitialByHand(
        double[] values, int period, Func<double, double, double> without, bool isAdditive)
    {
        var half = period / 2;
        var head = values[..(4 * period)];
        double Smooth(int row) =>
            (head[(row - half)..(row + half)].Average() + head[(row - half + 1)..(row + half + 1)].Average()) / 2;
        var season = Enumerable.Range(0, period).Select(phase => Enumerable.Range(half, head.Length - period)
            .Where(row => row % period == phase)
            .Average(row => without(head[row], Smooth(row)))).ToArray();
        var mean = season.Average();
        season = season.Select(one => without(one, mean)).ToArray();
        var first = head.Select((value, row) => without(value, season[row % period])).Take(Math.Max(10, period)).ToArray();
        var centre = (first.Length - 1) / 2.0;
        var slope = first.Select((value, row) => (row - centre) * value).Sum()
            / first.Select((_, row) => (row - centre) * (row - centre)).Sum();
        return (first.Average() - ((centre + 1) * slope), slope, season);
    }
}
