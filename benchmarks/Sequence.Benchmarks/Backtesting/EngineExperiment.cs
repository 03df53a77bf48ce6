using System.Diagnostics;
using System.Globalization;
using Sequence.Backtesting;
using Sequence.Benchmarks.Training;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>
/// One million minute bars, SMA 50/200 cross, on one core, with either profile; the same work in backtesting.py where Python has
/// it (`benchmarks/peers/backtesting_sma.py`). Then how the cost of a bar grows with waiting orders, open trades, history and
/// assets, and what a bar and asset take in memory. Prints Markdown tables; every figure is the median of five after five to warm up, in seconds of
/// processor time, which other work on the machine disturbs least.
/// </summary>
internal static class EngineExperiment
{
    private const int Bars = 1_000_000;
    private const int Repeats = 5;

    // The runtime compiles a loop again while it runs; the first rounds are slower.
    private const int WarmUps = 5;

    internal static int Run(string[] arguments)
    {
        var market = new Market(SyntheticBars.Minutes("WALK", Bars, 1));
        Console.WriteLine("| engine | million bars/s | bytes allocated a bar between trades | trades |");
        Console.WriteLine("|---|---:|---:|---:|");
        var standard = Speed("Sequence, standard profile", market, new BacktestOptions { Cash = 1e6 });
        Speed("Sequence, BacktestingPy profile", market, new BacktestOptions { Cash = 1e6, Profile = ExecutionProfile.BacktestingPy });
        Peer(arguments.Length > 0 ? arguments[0] : "python3", standard);
        Console.WriteLine();
        Growth();
        return 0;
    }

    private static double Speed(string name, Market market, BacktestOptions options)
    {
        var strategy = Cross();
        BacktestResult? result = null;
        var seconds = Spread.Median(Enumerable.Range(0, WarmUps + Repeats).Select(_ => Timed(() => result = Backtest.Run(market, strategy, options))).Skip(WarmUps));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {Bars / seconds / 1e6:F1} | {BytesBetweenTrades(market, options):F2} | {result!.Trades.Count} |"));
        return seconds;
    }

    /// <summary>Most bytes that any thousand bars without a trade allocated, by bar, after the first hundred thousand.</summary>
    private static double BytesBetweenTrades(Market market, BacktestOptions options)
    {
        var before = 0L;
        var trades = -1;
        var most = 0L;
        var quiet = new Strategy("quiet", setup =>
        {
            var fast = setup.Use(new SimpleMovingAverage(50));
            var slow = setup.Use(new SimpleMovingAverage(200));
            return context =>
            {
                if (context.Bar == 1_000)
                {
                    context.Buy(limit: context.Price / 1_000);
                    context.Sell(limit: context.Price * 1_000);
                    context.Buy(10);
                }

                trades += fast.CrossesAbove(slow) ? 1 : 0;
                if (context.Bar % 1_000 == 0)
                {
                    var now = GC.GetAllocatedBytesForCurrentThread();
                    most = context.Bar > 100_000 ? Math.Max(most, now - before) : most;
                    before = GC.GetAllocatedBytesForCurrentThread();
                }
            };
        });
        Backtest.Run(market, quiet, options);
        return most / 1_000.0;
    }

    private static void Peer(string python, double ours)
    {
        var start = new ProcessStartInfo(python)
        {
            ArgumentList = { "benchmarks/peers/backtesting_sma.py", Bars.ToString(CultureInfo.InvariantCulture) },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.WriteLine($"\nbacktesting.py was not timed: {error.Trim().Split('\n')[^1]}");
                return;
            }

            var cells = output.Trim().Split(' ');
            var seconds = double.Parse(cells[0], CultureInfo.InvariantCulture);
            var total = double.Parse(cells[1], CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| backtesting.py, same work, one run, without its statistics | {Bars / seconds / 1e6:F3} | | {cells[2]} |"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| the same with its statistics | {Bars / total / 1e6:F3} | | |\n\nRatio to the standard profile: {seconds / ours:F0}x without its statistics, {total / ours:F0}x with them."));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"\nbacktesting.py was not timed: there is no {python} on this machine.");
        }
    }

    private static void Growth()
    {
        Console.WriteLine("| work | microseconds a bar | ratio to its baseline |");
        Console.WriteLine("|---|---:|---:|");
        var days = new Market(SyntheticBars.Minutes("WALK", 100_000, 2));
        var none = Row("no order, no trade, 100,000 bars", days, 0, 0, null);
        Row("10,000 waiting orders out of reach", days, 10_000, 0, none);
        Row("1,000 open trades", days, 0, 1_000, none);
        Row("10,000 waiting orders and 1,000 open trades", days, 10_000, 1_000, none);
        Row("no order, no trade, 1,000,000 bars", new Market(SyntheticBars.Minutes("WALK", Bars, 2)), 0, 0, none);

        var one = Portfolio(1, null);
        Portfolio(100, one);
        Portfolio(500, one);
    }

    private static double Row(string name, Market market, int orders, int trades, double? baseline)
    {
        // The clock starts once they are placed and filled.
        var start = TimeSpan.Zero;
        var strategy = new Strategy("waiting", context =>
        {
            if (context.Bar == 1_000)
            {
                start = Environment.CpuUsage.TotalTime;
            }

            if (context.Bar != 0)
            {
                return;
            }

            for (var order = 0; order < orders; order++)
            {
                context.Buy(1, limit: context.Price * (0.001 + (1e-7 * order)));
            }

            for (var trade = 0; trade < trades; trade++)
            {
                context.Buy(1, stopLoss: 1e-3, takeProfit: 1e6);
            }
        });
        var options = new BacktestOptions { Cash = 1e7 };
        var seconds = Spread.Median(Enumerable.Range(0, WarmUps + Repeats).Select(_ =>
        {
            Backtest.Run(market, strategy, options);
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }).Skip(WarmUps));
        var perBar = 1e6 * seconds / (market.Length - 1_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {perBar:F3} | {perBar / (baseline ?? perBar):F2} |"));
        return perBar;
    }

    /// <summary>Daily bars, equal weights set anew every 21 bars; by bar and asset.</summary>
    private static double Portfolio(int assets, double? baseline)
    {
        const int days = 1_259;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var market = new Market(Enumerable.Range(0, assets).Select(asset => SyntheticBars.Days($"A{asset}", days, (uint)asset)).ToArray());
        BacktestResult? result = null;
        var strategy = new Strategy("equal-weights", context =>
        {
            if (context.Bar % 21 == 0)
            {
                foreach (var asset in context.Assets)
                {
                    var wanted = Math.Floor(0.9 * context.Equity / assets / asset.Price) - asset.Position;
                    if (wanted > 0)
                    {
                        asset.Buy(wanted);
                    }
                    else if (wanted < 0)
                    {
                        asset.Sell(-wanted);
                    }
                }
            }
        });
        var options = new BacktestOptions { Cash = 1e7 };
        var seconds = Spread.Median(Enumerable.Range(0, WarmUps + Repeats).Select(_ => Timed(() => result = Backtest.Run(market, strategy, options))).Skip(WarmUps));
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var perBar = 1e6 * seconds / days / assets;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {assets} assets x {days} days, rebalanced monthly, by bar and asset | {perBar:F3} | {perBar / (baseline ?? perBar):F2} |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| ... memory: {(double)held / days / assets:F0} bytes a bar and asset with {result!.Fills.Count} fills | | |"));
        GC.KeepAlive(market);
        return perBar;
    }

    private static Strategy Cross() => new("sma-cross", setup =>
    {
        var fast = setup.Use(new SimpleMovingAverage(50));
        var slow = setup.Use(new SimpleMovingAverage(200));
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

    private static double Timed(Action work)
    {
        var start = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
