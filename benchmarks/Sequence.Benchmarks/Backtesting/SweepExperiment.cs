using System.Diagnostics;
using System.Globalization;
using Sequence.Backtesting;
using Sequence.Benchmarks.Training;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>
/// A sweep of 2,000 pairs of look-backs on 2,148 daily bars, two workers against one, in turns; the ratio is the median of seven.
/// Every trial must come out the same.
/// </summary>
internal static class SweepExperiment
{
    private const int Rounds = 7;

    internal static int Run(string[] arguments)
    {
        var market = new Market(SyntheticBars.Days("WALK", 2_148, 3));
        var trials = ParameterGrid.Create([ParameterAxis.Range("fast", 2, 41), ParameterAxis.Range("slow", 50, 99)]);
        Sweep.Run(market, Cross, trials, sweepOptions: new SweepOptions { Workers = 2 });
        var ratios = new List<double>();
        var one = new List<double>();
        var two = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (single, first) = Timed(market, trials, 1);
            var (pair, second) = Timed(market, trials, 2);
            if (!first.Trials.SequenceEqual(second.Trials) || first.DeflatedSharpe != second.DeflatedSharpe)
            {
                Console.WriteLine("The results of one and two workers differ.");
                return 1;
            }

            one.Add(single);
            two.Add(pair);
            ratios.Add(single / pair);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trials.Count} trials on {market.Length} bars: one worker {1e3 * Spread.Median(one):F0} ms, two workers {1e3 * Spread.Median(two):F0} ms, ratio {Spread.Median(ratios):F2} (from {ratios.Min():F2} to {ratios.Max():F2}), all trials equal."));
        return 0;
    }

    private static (double Seconds, SweepResult Result) Timed(Market market, IReadOnlyList<ParameterSet> trials, int workers)
    {
        var start = Stopwatch.GetTimestamp();
        var result = Sweep.Run(market, Cross, trials, sweepOptions: new SweepOptions { Workers = workers });
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    private static Strategy Cross(ParameterSet parameters) => new("sma-cross", setup =>
    {
        var fast = setup.Use(new SimpleMovingAverage(parameters.Integer("fast")));
        var slow = setup.Use(new SimpleMovingAverage(parameters.Integer("slow")));
        return context =>
        {
            if (fast.CrossesAbove(slow))
            {
                context.ClosePosition();
                context.Buy();
            }
            else if (fast.CrossesBelow(slow))
            {
                context.ClosePosition();
                context.Sell();
            }
        };
    });
}
