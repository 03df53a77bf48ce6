using System.Text.Json;

namespace Sequence.Backtesting.Tests;

/// <summary>The cases of empyrical's own tests (Apache-2.0), recomputed with it; those marked as not agreeing with it are left out.</summary>
[TestClass]
public sealed class EmpyricalCasesTests
{
    private static readonly DateTimeOffset First = new(2000, 1, 30, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Functions_RecordedCases_GiveEveryNumber()
    {
        List<string> differences = [];
        var compared = 0;
        var number = 0;
        foreach (var item in SharedStatistics.Read("empyrical_cases.json").GetProperty("cases").EnumerateArray())
        {
            var name = $"case {number++} {item.GetProperty("fn").GetString()}";

            // Cases marked as disagreeing differ in the test's own loose expectation; what was computed holds all the same.
            var computed = item.GetProperty("computed");
            var expected = computed.ValueKind == JsonValueKind.Array ? SharedStatistics.Numbers(computed) : [SharedStatistics.Number(computed)];
            var actual = Compute(item);
            if (expected.Length != actual.Length)
            {
                differences.Add($"{name}: {expected.Length} numbers expected, {actual.Length} found");
                continue;
            }

            compared += expected.Length;
            differences.AddRange(expected
                .Select((value, index) => Difference($"{name} [{index}]", value, actual[index]))
                .OfType<string>());
        }

        Assert.AreEqual(0, differences.Count, string.Join(Environment.NewLine, differences.Take(40)));
        Assert.IsTrue(compared > 100, $"{compared} numbers.");
    }

    /// <summary>A zero that the reference reaches only up to rounding is compared absolutely.</summary>
    private static string? Difference(string name, double expected, double actual) =>
        Math.Abs(expected) < 1e-12 && Math.Abs(actual) < 1e-12 ? null : SharedStatistics.Difference(name, expected, actual);

    private static double[] Compute(JsonElement item)
    {
        var arguments = item.GetProperty("args");
        double[] Series(string name) => SharedStatistics.Numbers(arguments.GetProperty(name));
        double Scalar(string name) => SharedStatistics.Number(arguments.GetProperty(name));
        var returns = arguments.TryGetProperty("returns", out _) ? Series("returns") : [];
        var year = arguments.TryGetProperty("period", out var period) ? PeriodsPerYear(period.GetString()!) : 252;

        // A rate is one number or one for each period; in empyrical it is always that of a period.
        double[] Above(string name) => arguments.GetProperty(name).ValueKind == JsonValueKind.Array
            ? ReturnSeries.Excess(returns, Series(name))
            : ReturnSeries.Excess(returns, Scalar(name));
        (double[] Own, double[] Factor) Aligned()
        {
            var factor = Series("factor_returns");
            return ReturnSeries.Align(Days(returns.Length), returns, Days(factor.Length), factor);
        }

        switch (item.GetProperty("fn").GetString())
        {
            case "simple_returns":
                return ReturnSeries.FromPrices(Series("prices"));
            case "cum_returns":
                return ReturnSeries.Cumulative(returns, Scalar("starting_value"));
            case "cum_returns_final":
                var start = Scalar("starting_value");
                var total = ReturnStatistics.TotalReturn(returns);
                return [start == 0 ? total : start * (1 + total)];
            case "aggregate_returns":
                var times = SharedStatistics.Times(item.GetProperty("dates").GetProperty("returns_dates"));
                return ReturnSeries.Aggregate(times, returns, Part(arguments.GetProperty("convert_to").GetString()!));
            case "max_drawdown":
                return [DrawdownStatistics.MaximumOfReturns(returns)];
            case "annual_return" or "cagr":
                return [ReturnStatistics.AnnualReturn(returns, year)];
            case "annual_volatility":
                return [ReturnStatistics.Volatility(returns, year)];
            case "calmar_ratio":
                return [ReturnStatistics.Calmar(returns, year)];
            case "omega_ratio":
                return [ReturnStatistics.Omega(Above("risk_free"), ReturnSeries.PerPeriod(Scalar("required_return"), 252))];
            case "sharpe_ratio":
                return [ReturnStatistics.Sharpe(Above("risk_free"), year, SharpeConvention.MeanOverStd)];
            case "downside_risk":
                return [ReturnStatistics.DownsideDeviation(Above("required_return"), year)];
            case "sortino_ratio":
                return [ReturnStatistics.Sortino(Above("required_return"), year, SortinoConvention.DownsideDeviation)];
            case "excess_sharpe":
                return [ReturnStatistics.Sharpe(Above("factor_returns"), 1, SharpeConvention.MeanOverStd)];
            case "alpha_beta":
                var (own, factor) = Aligned();
                return [BenchmarkStatistics.Alpha(own, factor, 252, AlphaConvention.Compounded), BenchmarkStatistics.Beta(own, factor)];
            case "alpha":
                (own, factor) = Aligned();
                return [BenchmarkStatistics.Alpha(own, factor, 252, AlphaConvention.Compounded)];
            case "beta":
                (own, factor) = Aligned();
                return [BenchmarkStatistics.Beta(own, factor)];
            case "stability_of_timeseries":
                return [ReturnStatistics.Stability(returns)];
            case "tail_ratio":
                return [DistributionStatistics.TailRatio(returns)];
            case "beta_fragility_heuristic":
                (own, factor) = Aligned();
                return [BenchmarkStatistics.BetaFragility(own, factor)];
            case "capture":
                return [BenchmarkStatistics.Capture(returns, Series("factor_returns"), 252)];
            case "up_capture":
                return [BenchmarkStatistics.UpCapture(returns, Series("factor_returns"), 252)];
            case "down_capture":
                return [BenchmarkStatistics.DownCapture(returns, Series("factor_returns"), 252)];
            case "up_down_capture":
                return [BenchmarkStatistics.UpDownCapture(returns, Series("factor_returns"), 252)];
            case "value_at_risk":
                return [DistributionStatistics.ValueAtRisk(returns, TailRiskConvention.Historical, Scalar("cutoff"))];
            case "conditional_value_at_risk":
                return [DistributionStatistics.ConditionalValueAtRisk(returns, TailRiskConvention.Historical, Scalar("cutoff"))];
            case var function:
                throw new InvalidDataException($"No function for {function}.");
        }
    }

    /// <summary>The cases' series end on the same day; a shorter one begins later.</summary>
    private static DateTimeOffset[] Days(int count) => [.. Enumerable.Range(0, count).Select(day => First.AddDays(100_000 + day - count))];

    private static double PeriodsPerYear(string period) => period switch
    {
        "daily" => 252,
        "weekly" => 52,
        "monthly" => 12,
        "quarterly" => 4,
        "yearly" => 1,
        _ => throw new InvalidDataException(period),
    };

    private static CalendarPeriod Part(string name) => name switch
    {
        "weekly" => CalendarPeriod.Week,
        "monthly" => CalendarPeriod.Month,
        "quarterly" => CalendarPeriod.Quarter,
        "yearly" => CalendarPeriod.Year,
        _ => throw new InvalidDataException(name),
    };
}
