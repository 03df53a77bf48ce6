using CsCheck;

namespace Sequence.Backtesting.Tests;

/// <summary>What holds for every series of returns.</summary>
[TestClass]
public sealed class StatisticsLawTests
{
    private const int Iterations = 300;

    private static readonly Gen<double[]> Series = Gen.Double[-0.2, 0.25].Array[3, 60];
    private static readonly Gen<double[]> Worth = Gen.Double[0, 1000].Array[1, 60];

    [TestMethod]
    public void Sharpe_OfScaledReturns_IsUnchanged() => Gen.Select(Series.Where(Varies), Gen.Double[0.01, 50]).Sample(
        (returns, scale) => Close(
            ReturnStatistics.Sharpe(returns, 252, SharpeConvention.MeanOverStd),
            ReturnStatistics.Sharpe([.. returns.Select(value => value * scale)], 252, SharpeConvention.MeanOverStd)),
        iter: Iterations);

    [TestMethod]
    public void Sortino_OfScaledReturns_IsUnchanged() => Gen.Select(Series.Where(Loses), Gen.Double[0.01, 50]).Sample(
        (returns, scale) => Close(
            ReturnStatistics.Sortino(returns, 252, SortinoConvention.DownsideDeviation),
            ReturnStatistics.Sortino([.. returns.Select(value => value * scale)], 252, SortinoConvention.DownsideDeviation)),
        iter: Iterations);

    [TestMethod]
    public void Ratios_DoNotDependOnOrder() => Series.Where(Varies).Sample(
        returns =>
        {
            double[] reversed = [.. returns.Reverse()];
            return Close(DistributionStatistics.Mean(returns), DistributionStatistics.Mean(reversed))
                && Close(DistributionStatistics.StandardDeviation(returns), DistributionStatistics.StandardDeviation(reversed))
                && Close(ReturnStatistics.AnnualReturn(returns, 12), ReturnStatistics.AnnualReturn(reversed, 12))
                && Close(
                    ReturnStatistics.Sharpe(returns, 12, SharpeConvention.Compounded),
                    ReturnStatistics.Sharpe(reversed, 12, SharpeConvention.Compounded));
        },
        iter: Iterations);

    [TestMethod]
    public void Drawdown_OfPositiveWorth_LiesFromMinusOneToZero() => Worth.Sample(
        worth => DrawdownStatistics.Series(worth).All(depth => depth is >= -1 and <= 0), iter: Iterations);

    [TestMethod]
    public void Drawdown_OfMultipliedWorth_IsUnchanged() => Gen.Select(Gen.Double[0.01, 1000].Array[1, 60], Gen.Double[0.001, 1000]).Sample(
        (worth, scale) => Math.Abs(
            DrawdownStatistics.Maximum(worth) - DrawdownStatistics.Maximum([.. worth.Select(value => value * scale)])) < 1e-12,
        iter: Iterations);

    [TestMethod]
    public void Drawdown_DeepestEpisode_IsTheMaximum() => Gen.Double[1, 1000].Array[1, 60].Sample(
        worth =>
        {
            var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var curve = new EquityCurve(worth.Select((_, bar) => start.AddHours(bar)).ToArray(), worth);
            var depths = DrawdownStatistics.Episodes(curve).Select(episode => episode.Depth).DefaultIfEmpty(0);
            return depths.Min() == DrawdownStatistics.Maximum(worth);
        },
        iter: Iterations);

    [TestMethod]
    public void ConditionalValueAtRisk_IsAtMostTheValueAtRisk() => Gen.Select(Series, Gen.Double[0.01, 0.5]).Sample(
        (returns, tail) => Enum.GetValues<TailRiskConvention>().All(convention =>
            DistributionStatistics.ConditionalValueAtRisk(returns, convention, tail)
                <= DistributionStatistics.ValueAtRisk(returns, convention, tail) + 1e-12),
        iter: Iterations);

    [TestMethod]
    public void ProbabilisticSharpe_GrowsWithTheTrackRecord() =>
        Gen.Select(Gen.Double[0.001, 1], Gen.Int[2, 1000], Gen.Double[-1, 1], Gen.Double[3, 12]).Sample(
            (sharpe, count, skewness, kurtosis) =>
            {
                var shorter = SharpeInference.Probabilistic(sharpe, 0, count, skewness, kurtosis);
                var longer = SharpeInference.Probabilistic(sharpe, 0, 2 * count, skewness, kurtosis);
                return shorter is >= 0.5 and <= 1 && longer is >= 0.5 and <= 1 && longer >= shorter;
            },
            iter: Iterations);

    [TestMethod]
    public void DeflatedSharpe_IsAtMostTheProbabilisticAndFallsWithTrials() =>
        Gen.Select(Gen.Double[-0.5, 1], Gen.Double[0, 0.1], Gen.Int[1, 500]).Sample(
            (sharpe, variance, trials) =>
            {
                var probabilistic = SharpeInference.Probabilistic(sharpe, 0, 250, -0.5, 5);
                var deflated = SharpeInference.Deflated(sharpe, 250, -0.5, 5, variance, trials);
                var more = SharpeInference.Deflated(sharpe, 250, -0.5, 5, variance, 2 * trials);
                return deflated >= 0 && deflated <= probabilistic && more <= deflated;
            },
            iter: Iterations);

    [TestMethod]
    public void OverfittingProbability_LiesFromZeroToOneAndIgnoresScale() =>
        Gen.Select(Gen.Double[-1, 1].Array[48], Gen.Int[-8, 8]).Sample(
            (returns, exponent) =>
            {
                // A power of two scales without rounding, so that ties stay ties.
                var scale = Math.Pow(2, exponent);
                var estimate = OverfittingProbability.Estimate(returns, 4, 4);
                var scaled = OverfittingProbability.Estimate([.. returns.Select(value => value * scale)], 4, 4);
                return estimate.Probability is >= 0 and <= 1 && estimate.Probability == scaled.Probability;
            },
            iter: Iterations);

    [TestMethod]
    public void Beta_OfAMixture_IsItsWeight() => Gen.Select(Series.Where(Varies), Gen.Double[-3, 3]).Sample(
        (benchmark, weight) => Math.Abs(
            BenchmarkStatistics.Beta([.. benchmark.Select(value => (weight * value) + 0.01)], benchmark) - weight) < 1e-9,
        iter: Iterations);

    [TestMethod]
    public void Omega_AboveOne_ExactlyWhenTheMeanIsAboveZero() => Series.Where(returns => Loses(returns) && Math.Abs(returns.Sum()) > 1e-9).Sample(
        returns => ReturnStatistics.Omega(returns) > 1 == returns.Sum() > 0, iter: Iterations);

    private static bool Varies(double[] returns) => DistributionStatistics.StandardDeviation(returns) > 1e-3;

    private static bool Loses(double[] returns) => ReturnStatistics.DownsideDeviation(returns, 1) > 1e-3;

    private static bool Close(double first, double second) =>
        first.Equals(second) || Math.Abs(first - second) <= 1e-9 * (1 + Math.Abs(first));
}
