namespace Sequence.Backtesting.Tests;

/// <summary>Every metric that the reference records of empyrical, quantstats and the Sharpe papers, by naming its convention.</summary>
[TestClass]
public sealed class ReferenceMetricsTests
{
    private const double Days = 252;

    [TestMethod]
    public void Metrics_RecordedSeries_AreAllReproduced()
    {
        List<string> differences = [];
        var compared = 0;
        foreach (var series in SharedStatistics.Read("metrics.json").GetProperty("series").EnumerateObject())
        {
            var returns = SharedStatistics.Numbers(series.Value.GetProperty("returns"));
            var other = series.Value.GetProperty("benchmark");
            var benchmark = other.ValueKind == System.Text.Json.JsonValueKind.Null ? [] : SharedStatistics.Numbers(other);
            foreach (var metric in series.Value.GetProperty("metrics").EnumerateObject())
            {
                compared++;
                var actual = Metric(metric.Name, returns, benchmark);
                if (SharedStatistics.Difference($"{series.Name} {metric.Name}", SharedStatistics.Number(metric.Value), actual) is { } difference)
                {
                    differences.Add(difference);
                }
            }
        }

        Assert.AreEqual(0, differences.Count, string.Join(Environment.NewLine, differences));
        Assert.IsTrue(compared > 60, $"{compared} metrics.");
    }

    [TestMethod]
    public void Deflated_ExampleOfThePaper_IsReproduced()
    {
        // Bailey and López de Prado, 2014: 2.5 a year over 1250 of 250 days, skewness -3, kurtosis 10, variance 1/2 a year.
        var anchors = SharedStatistics.Read("metrics.json").GetProperty("dsr_paper_example").EnumerateObject().ToArray();
        Assert.AreNotEqual(0, anchors.Length);
        foreach (var anchor in anchors)
        {
            var trials = int.Parse(anchor.Name, System.Globalization.CultureInfo.InvariantCulture);
            var expected = SharedStatistics.Number(anchor.Value.GetProperty("sr0"));
            Assert.AreEqual(expected, SharpeInference.ExpectedMaximum(0.5 / 250, trials), 1e-9 * expected);
            expected = SharedStatistics.Number(anchor.Value.GetProperty("dsr"));
            var deflated = SharpeInference.Deflated(2.5 / Math.Sqrt(250), 1250, -3, 10, 0.5 / 250, trials);
            Assert.AreEqual(expected, deflated, 1e-9 * expected);
        }
    }

    private static double Metric(string name, double[] r, double[] b)
    {
        var drawdown = DrawdownStatistics.SeriesOfReturns(r);
        double Sharpe() => ReturnStatistics.Sharpe(r, Days, SharpeConvention.MeanOverStd);
        double Sortino() => ReturnStatistics.Sortino(r, Days, SortinoConvention.DownsideDeviation);
        double Ulcer() => DrawdownStatistics.UlcerIndex(drawdown, UlcerConvention.QuantStats);
        double Psr(double benchmark) => SharpeInference.Probabilistic(r, benchmark);

        // quantstats puts pandas' excess kurtosis where the formula has the plain one.
        double Quantstats(double ratio) => SharpeInference.Probabilistic(
            ratio,
            0,
            r.Length,
            DistributionStatistics.Skewness(r, SkewnessConvention.Sample),
            DistributionStatistics.Kurtosis(r, KurtosisConvention.SampleExcess));
        return name switch
        {
            "empyrical.annual_return" => ReturnStatistics.AnnualReturn(r, Days),
            "empyrical.annual_volatility" => ReturnStatistics.Volatility(r, Days),
            "empyrical.sharpe_ratio" => Sharpe(),
            "empyrical.sortino_ratio" => Sortino(),
            "empyrical.calmar_ratio" => ReturnStatistics.Calmar(r, Days),
            "empyrical.max_drawdown" => DrawdownStatistics.MaximumOfReturns(r),
            "empyrical.omega_ratio" => ReturnStatistics.Omega(r),
            "empyrical.stability_of_timeseries" => ReturnStatistics.Stability(r),
            "empyrical.tail_ratio" => DistributionStatistics.TailRatio(r),
            "empyrical.downside_risk" => ReturnStatistics.DownsideDeviation(r, Days),
            "empyrical.value_at_risk" => DistributionStatistics.ValueAtRisk(r, TailRiskConvention.Historical),
            "empyrical.conditional_value_at_risk" => DistributionStatistics.ConditionalValueAtRisk(r, TailRiskConvention.Historical),
            "empyrical.cum_returns_final" => ReturnStatistics.TotalReturn(r),
            "empyrical.alpha" => BenchmarkStatistics.Alpha(r, b, Days, AlphaConvention.Compounded),
            "empyrical.beta" => BenchmarkStatistics.Beta(r, b),
            "empyrical.capture" => BenchmarkStatistics.Capture(r, b, Days),
            "empyrical.excess_sharpe" => BenchmarkStatistics.InformationRatio(r, b, 1),
            "empyrical.up_capture" => BenchmarkStatistics.UpCapture(r, b, Days),
            "empyrical.down_capture" => BenchmarkStatistics.DownCapture(r, b, Days),
            "quantstats.cagr" => ReturnStatistics.AnnualReturn(r, Days),
            "quantstats.sharpe" => Sharpe(),
            "quantstats.sortino" => Sortino(),
            "quantstats.calmar" => ReturnStatistics.Calmar(r, Days),
            "quantstats.max_drawdown" => DrawdownStatistics.MaximumOfReturns(r),
            "quantstats.volatility" => ReturnStatistics.Volatility(r, Days),
            "quantstats.ulcer_index" => Ulcer(),
            "quantstats.ulcer_performance_index" => ReturnStatistics.TotalReturn(r) / Ulcer(),
            "quantstats.serenity_index" => r.Sum() / (Ulcer()
                * -DistributionStatistics.ConditionalValueAtRisk(drawdown, TailRiskConvention.Normal)
                / DistributionStatistics.StandardDeviation(r)),
            "quantstats.risk_of_ruin" => PeriodStatistics.RiskOfRuin(r),
            "quantstats.value_at_risk" => DistributionStatistics.ValueAtRisk(r, TailRiskConvention.Normal),
            "quantstats.conditional_value_at_risk" => DistributionStatistics.ConditionalValueAtRisk(r, TailRiskConvention.Normal),
            "quantstats.tail_ratio" => DistributionStatistics.TailRatio(r),
            "quantstats.payoff_ratio" => PeriodStatistics.PayoffRatio(r),
            "quantstats.profit_ratio" => PeriodStatistics.ProfitRatio(r),
            "quantstats.profit_factor" => PeriodStatistics.ProfitFactor(r),
            "quantstats.cpc_index" => PeriodStatistics.ProfitFactor(r) * PeriodStatistics.WinRate(r) * PeriodStatistics.PayoffRatio(r),
            "quantstats.common_sense_ratio" => PeriodStatistics.ProfitFactor(r) * DistributionStatistics.TailRatio(r),
            "quantstats.outlier_win_ratio" => PeriodStatistics.OutlierWinRatio(r),
            "quantstats.outlier_loss_ratio" => PeriodStatistics.OutlierLossRatio(r),
            "quantstats.recovery_factor" => ReturnStatistics.RecoveryFactor(r),
            "quantstats.risk_return_ratio" => SharpeInference.PerPeriod(r),
            "quantstats.kelly_criterion" => PeriodStatistics.Kelly(r),
            "quantstats.gain_to_pain_ratio" => PeriodStatistics.GainToPain(r),
            "quantstats.omega" => ReturnStatistics.Omega(r),
            "quantstats.skew" => DistributionStatistics.Skewness(r, SkewnessConvention.Sample),
            "quantstats.kurtosis" => DistributionStatistics.Kurtosis(r, KurtosisConvention.SampleExcess),
            "quantstats.win_rate" => PeriodStatistics.WinRate(r),
            "quantstats.avg_win" => PeriodStatistics.AverageWin(r),
            "quantstats.avg_loss" => PeriodStatistics.AverageLoss(r),
            "quantstats.best" => PeriodStatistics.Best(r),
            "quantstats.worst" => PeriodStatistics.Worst(r),
            "quantstats.expected_return" => ReturnStatistics.GeometricMean(r),
            "quantstats.exposure" => Math.Ceiling(PeriodStatistics.ActiveShare(r) * 100) / 100,
            "quantstats.consecutive_wins" => PeriodStatistics.LongestWinningRun(r),
            "quantstats.consecutive_losses" => PeriodStatistics.LongestLosingRun(r),
            "quantstats.adjusted_sortino" => Sortino() / Math.Sqrt(2),
            "quantstats.smart_sharpe" => Sharpe() / ReturnStatistics.AutocorrelationPenalty(r),
            "quantstats.smart_sortino" => Sortino() / ReturnStatistics.AutocorrelationPenalty(r),
            "quantstats.probabilistic_sharpe_ratio" => Quantstats(SharpeInference.PerPeriod(r)),
            "quantstats.probabilistic_sortino_ratio" =>
                Quantstats(ReturnStatistics.Sortino(r, 1, SortinoConvention.DownsideDeviation)),
            "quantstats.r_squared" => BenchmarkStatistics.RSquared(r, b),
            "quantstats.information_ratio" => BenchmarkStatistics.InformationRatio(r, b, 1),
            "quantstats.treynor_ratio" => BenchmarkStatistics.Treynor(r, b),
            "ref.sr_per_period" => SharpeInference.PerPeriod(r),
            "ref.skew_pop" => DistributionStatistics.Skewness(r, SkewnessConvention.Population),
            "ref.kurt_pop" => DistributionStatistics.Kurtosis(r, KurtosisConvention.Population),
            "ref.psr_0" => Psr(0),
            "ref.psr_sr1ann" => Psr(1 / Math.Sqrt(Days)),
            "ref.dsr_N100_var_0.5ann" => Psr(SharpeInference.ExpectedMaximum(0.5 / Days, 100)),
            "ref.min_track_record_length_0_95" => SharpeInference.MinimumTrackRecordLength(r, 0, 0.95),
            _ => throw new InvalidDataException($"No function for {name}."),
        };
    }
}
