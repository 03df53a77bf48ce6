using System.Globalization;
using Sequence.Backtesting;
using Sequence.Benchmarks.Training;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>Trades the forecasts of the study and prints what came out, as Markdown.</summary>
internal static class TradingStudyReport
{
    private const int Draws = 1_000;
    private const double Cash = 1e6;
    private const double MiddleCost = 0.001;

    private static readonly double[] Costs = [0.0005, MiddleCost, 0.002];

    private static readonly ScalerKind[] Targets = [ScalerKind.LogReturn, ScalerKind.MinMax];

    private static readonly bool[] Shorts = [false, true];

    internal static void Write(
        IReadOnlyList<(BarSeries Bars, int TrainBars)> markets,
        IReadOnlyDictionary<(string Asset, ScalerKind Target), List<ForecastTable>> tables)
    {
        var parts = markets.Select(market => new Market(market.Bars.Slice(market.TrainBars - 1, market.Bars.Length - market.TrainBars + 1))).ToArray();
        var runs = (
            from index in Enumerable.Range(0, parts.Length)
            from target in Targets
            from allowShort in Shorts
            from cost in Costs
            from seed in Enumerable.Range(0, ResNlsTradingExperiment.Seeds)
            select (Market: parts[index], Table: tables[(parts[index].Assets[0].Asset, target)][seed], Key: new Variant(index, target, allowShort, cost, seed)))
            .AsParallel()
            .Select(job => (job.Key, Result: Backtest.Run(job.Market, Rule(job.Table, job.Key.AllowShort), Account(job.Key.Cost))))
            .ToDictionary(run => run.Key, run => run.Result);
        ByAsset(parts, runs);
        ByCost(parts, runs);
        Deflated(parts, runs);
        Regimes(parts, runs);
    }

    private static void ByAsset(Market[] parts, Dictionary<Variant, BacktestResult> runs)
    {
        foreach (var allowShort in Shorts)
        {
            Console.WriteLine($"### {(allowShort ? "Long or short" : "Long or flat")}, 10 basis points a side\n");
            Console.WriteLine(
                "| asset | buy and hold % | last return again % | log-returns: return % | Sharpe | long % | trades | rank among random % | price level: return % | Sharpe | long % | trades | rank among random % |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            for (var index = 0; index < parts.Length; index++)
            {
                var cells = new List<string>
                {
                    parts[index].Assets[0].Asset,
                    Percent(Total(Backtest.Run(parts[index], ControlStrategies.BuyAndHold(), Account(MiddleCost)))),
                    Percent(Total(Backtest.Run(parts[index], LastReturn(allowShort), Account(MiddleCost)))),
                };
                foreach (var target in Targets)
                {
                    var seeds = SeedsOf(runs, new Variant(index, target, allowShort, MiddleCost, 0));
                    cells.Add(Spreads(seeds.Select(run => 100 * Total(run)), "F1"));
                    cells.Add(Spreads(seeds.Select(Sharpe), "F2"));
                    cells.Add(Spreads(seeds.Select(run => 100 * InMarket(run)), "F0"));
                    cells.Add(Spreads(seeds.Select(run => (double)run.Trades.Count), "F0"));
                    cells.Add(Spreads(Ranks(parts[index], seeds, allowShort, MiddleCost), "F0"));
                }

                Console.WriteLine($"| {string.Join(" | ", cells)} |");
            }

            Console.WriteLine();
        }
    }

    private static void ByCost(Market[] parts, Dictionary<Variant, BacktestResult> runs)
    {
        Console.WriteLine("### By costs, mean over the assets\n");
        Console.WriteLine("| rule | costs a side, bp | return % | less buy and hold, points | with no costs % | assets ahead of buy and hold | rank among random % |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var target in Targets)
        {
            foreach (var allowShort in Shorts)
            {
                foreach (var cost in Costs)
                {
                    var bySeed = Enumerable.Range(0, ResNlsTradingExperiment.Seeds)
                        .Select(seed => Enumerable.Range(0, parts.Length).Select(index => runs[new Variant(index, target, allowShort, cost, seed)]).ToArray())
                        .ToArray();
                    var holds = parts.Select(part => Total(Backtest.Run(part, ControlStrategies.BuyAndHold(), Account(cost)))).ToArray();
                    var ranks = Enumerable.Range(0, parts.Length)
                        .Select(index => Ranks(parts[index], [.. bySeed.Select(seed => seed[index])], allowShort, cost).Average())
                        .ToArray();
                    Console.WriteLine(string.Join(
                        " | ",
                        $"| {Name(target)}, {(allowShort ? "long or short" : "long or flat")}",
                        (1e4 * cost).ToString("F0", CultureInfo.InvariantCulture),
                        Spreads(bySeed.Select(seed => 100 * seed.Average(Total)), "F1"),
                        Spreads(bySeed.Select(seed => 100 * (seed.Average(Total) - holds.Average())), "F1"),
                        Spreads(bySeed.Select(seed => 100 * seed.Average(run => Total(run) + (run.Ledger.Commissions / Cash))), "F1"),
                        Spreads(bySeed.Select(seed => (double)seed.Zip(holds, (run, hold) => Total(run) > hold).Count(ahead => ahead)), "F1"),
                        $"{ranks.Average().ToString("F0", CultureInfo.InvariantCulture)} |"));
                }
            }
        }

        Console.WriteLine();
    }

    private static void Deflated(Market[] parts, Dictionary<Variant, BacktestResult> runs)
    {
        Console.WriteLine("### The best of the 20 variants of each asset (2 targets, 2 rules, 5 seeds), 10 basis points a side\n");
        Console.WriteLine("| asset | best variant | Sharpe | probabilistic Sharpe | deflated Sharpe |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        for (var index = 0; index < parts.Length; index++)
        {
            var trials = runs.Where(run => run.Key.Asset == index && run.Key.Cost == MiddleCost).ToArray();
            var sharpes = trials.Select(run => PerPeriod(run.Value)).ToArray();
            var best = trials[Array.IndexOf(sharpes, sharpes.Max())];
            var returns = best.Value.Equity.Returns();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {parts[index].Assets[0].Asset} | {Name(best.Key.Target)}, {(best.Key.AllowShort ? "long or short" : "long or flat")}, seed {best.Key.Seed + 1} | {Sharpe(best.Value):F2} | {SharpeInference.Probabilistic(returns, 0):F2} | {SharpeInference.Deflated(returns, sharpes):F2} |"));
        }

        Console.WriteLine();
    }

    /// <summary>Months in which the asset fell against months in which it rose: the strategy beside holding the asset as much as it did.</summary>
    private static void Regimes(Market[] parts, Dictionary<Variant, BacktestResult> runs)
    {
        Console.WriteLine("### Months in which the asset fell or rose, 10 basis points a side, % a month\n");
        Console.WriteLine("| rule | months | number | buy and hold | the rule | the rule before costs | held as much, no forecast | difference before costs | t |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var target in Targets)
        {
            foreach (var allowShort in Shorts)
            {
                var months = Enumerable.Range(0, parts.Length)
                    .SelectMany(index => Months(parts[index], SeedsOf(runs, new Variant(index, target, allowShort, MiddleCost, 0))))
                    .ToArray();
                foreach (var fell in (ReadOnlySpan<bool>)[true, false])
                {
                    var some = months.Where(month => month.Asset < 0 == fell).ToArray();

                    // Assets move together, so a calendar month is one observation.
                    var differences = some.GroupBy(month => month.When).Select(group => group.Average(month => month.Gross - month.Matched)).ToArray();
                    var spread = Spread.Of(differences);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {Name(target)}, {(allowShort ? "long or short" : "long or flat")} | {(fell ? "falling" : "rising")} | {some.Length} in {differences.Length} calendar months | {100 * some.Average(month => month.Asset):F2} | {100 * some.Average(month => month.Net):F2} | {100 * some.Average(month => month.Gross):F2} | {100 * some.Average(month => month.Matched):F2} | {100 * spread.Mean:F2} | {spread.Mean / (spread.Deviation / Math.Sqrt(differences.Length)):F1} |"));
                }
            }
        }
    }

    private static IEnumerable<MonthOf> Months(Market part, BacktestResult[] seeds)
    {
        var hold = Backtest.Run(part, ControlStrategies.BuyAndHold(), Account(0));
        var asset = ByMonth(hold.Equity);
        var net = seeds.Select(run => ByMonth(run.Equity)).ToArray();
        var fees = seeds.Select(FeesByMonth).ToArray();
        var position = seeds.Average(run => MeanPosition(run));
        return asset.Select(month => new MonthOf(
            month.Key,
            month.Value,
            net.Average(run => run[month.Key]),
            net.Zip(fees, (run, fee) => run[month.Key] + fee.GetValueOrDefault(month.Key)).Average(),
            position * month.Value));
    }

    private static Dictionary<(int Year, int Month), double> ByMonth(EquityCurve curve)
    {
        var months = new Dictionary<(int, int), double>();
        var start = curve.Values.Span[0];
        for (var bar = 1; bar < curve.Length; bar++)
        {
            var time = curve.Times.Span[bar];
            if (bar + 1 == curve.Length || curve.Times.Span[bar + 1].Month != time.Month)
            {
                months[(time.Year, time.Month)] = (curve.Values.Span[bar] / start) - 1;
                start = curve.Values.Span[bar];
            }
        }

        return months;
    }

    private static Dictionary<(int Year, int Month), double> FeesByMonth(BacktestResult run) => run.Fills
        .GroupBy(fill => (fill.Time.Year, fill.Time.Month))
        .ToDictionary(group => group.Key, group => group.Sum(fill => fill.Commission) / Cash);

    /// <summary>Rank of each seed's return among random entries that turn over and are in the market as much, in per cent.</summary>
    private static double[] Ranks(Market part, BacktestResult[] seeds, bool allowShort, double cost)
    {
        var bars = part.Length;
        var turnover = seeds.Average(run => run.Ledger.Traded / run.Equity.Values.Span.ToArray().Average() / bars);
        var share = Math.Clamp(seeds.Average(run => InMarket(run)), 0.02, 0.98);
        var most = (allowShort ? 4 : 2) * Math.Min(share, 1 - share);
        var random = Enumerable.Range(0, Draws).AsParallel()
            .Select(draw => Total(Backtest.Run(part, Random(Math.Clamp(turnover, 1e-6, most), share, allowShort, (ulong)draw), Account(cost))))
            .Order()
            .ToArray();
        return [.. seeds.Select(run => 100.0 * random.Count(other => other < Total(run)) / Draws)];
    }

    /// <summary>Long a share of the bars and otherwise flat or short, changing sides as often as the turnover says.</summary>
    private static Strategy Random(double turnover, double longShare, bool allowShort, ulong seed) => !allowShort
        ? ControlStrategies.RandomEntries(Math.Min(1, turnover), seed, longShare)
        : new Strategy("random-sides", _ =>
        {
            // Turning around trades twice the capital.
            var random = new CounterRandom(seed, 5);
            bool? isLong = null;
            return context =>
            {
                var toss = random.NextDouble();
                var before = isLong;
                isLong = before switch
                {
                    null => toss < longShare,
                    true => toss >= turnover / (4 * longShare),
                    false => toss < turnover / (4 * (1 - longShare)),
                };
                if (isLong != before)
                {
                    context.Assets[0].SetTargetWeight(isLong.Value ? 1 : -1);
                }
            };
        });

    private static Strategy Rule(ForecastTable table, bool allowShort) => allowShort
        ? ForecastStrategies.LongShort(ForecastSource.FromTable(table), tolerance: 0.1)
        : ForecastStrategies.LongFlat(ForecastSource.FromTable(table), tolerance: 0.1);

    private static Strategy LastReturn(bool allowShort) => new("last-return", context =>
    {
        if (context.Bars > 1)
        {
            context.Assets[0].SetTargetWeight(context.Close[^1] > context.Close[^2] ? 1 : allowShort ? -1 : 0, 0.1);
        }
    });

    private static BacktestOptions Account(double cost) => new() { Cash = Cash, LotSize = 0, Commission = Commission.Rate(cost), MaintenanceMargin = 0 };

    private static BacktestResult[] SeedsOf(Dictionary<Variant, BacktestResult> runs, Variant variant) =>
        [.. Enumerable.Range(0, ResNlsTradingExperiment.Seeds).Select(seed => runs[variant with { Seed = seed }])];

    private static double Total(BacktestResult run) => (run.Equity.Values.Span[^1] / Cash) - 1;

    private static double PerPeriod(BacktestResult run)
    {
        var sharpe = SharpeInference.PerPeriod(run.Equity.Returns());
        return double.IsFinite(sharpe) ? sharpe : 0;
    }

    private static double Sharpe(BacktestResult run) => PerPeriod(run) * Math.Sqrt(252);

    /// <summary>Share of bars long; with shorts the rest is short.</summary>
    private static double InMarket(BacktestResult run) => Sides(run).Count(side => side > 0) / (double)(run.Equity.Length - 1);

    private static double MeanPosition(BacktestResult run) => Sides(run).Average();

    /// <summary>Side held over each bar but the first, from the fills.</summary>
    private static double[] Sides(BacktestResult run)
    {
        var sides = new double[run.Equity.Length - 1];
        var fill = 0;
        var units = 0.0;
        for (var bar = 1; bar < run.Equity.Length; bar++)
        {
            while (fill < run.Fills.Count && run.Fills[fill].Bar <= bar)
            {
                units += run.Fills[fill++].Size;
            }

            sides[bar - 1] = Math.Abs(units) < 1e-6 ? 0 : Math.Sign(units);
        }

        return sides;
    }

    private static string Name(ScalerKind target) => target == ScalerKind.LogReturn ? "log-returns" : "price level";

    private static string Percent(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture);

    private static string Spreads(IEnumerable<double> values, string format)
    {
        var spread = Spread.Of(values);
        return $"{spread.Mean.ToString(format, CultureInfo.InvariantCulture)} ± {spread.Deviation.ToString(format, CultureInfo.InvariantCulture)}";
    }

    private sealed record Variant(int Asset, ScalerKind Target, bool AllowShort, double Cost, int Seed);

    private sealed record MonthOf((int Year, int Month) When, double Asset, double Net, double Gross, double Matched);
}
