using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Sequence.Data;

namespace Sequence.Backtesting.Tests.Sweeps;

[TestClass]
public sealed class SweepTests
{
    private static readonly Market Bars = RandomBars.Single(500, 11);

    private static readonly IReadOnlyList<ParameterSet> Grid = ParameterGrid.Create(
        [ParameterAxis.Range("fast", 2, 11), ParameterAxis.Range("slow", 5, 50, 5)], set => set["fast"] < set["slow"]);

    [TestMethod]
    public void Run_WithAnyNumberOfWorkers_GivesTheSame()
    {
        var one = Sweep.Run(Bars, Cross, Grid, null, new SweepOptions { Workers = 1 });
        foreach (var workers in (int[])[2, 5, 1000])
        {
            var other = Sweep.Run(Bars, Cross, Grid, null, new SweepOptions { Workers = workers });
            CollectionAssert.AreEqual(one.Trials.ToArray(), other.Trials.ToArray());
            Assert.AreEqual(one.Best, other.Best);
            Assert.AreEqual(one.DeflatedSharpe, other.DeflatedSharpe);
        }
    }

    [TestMethod]
    public void Run_OfATrial_HasTheNumbersOfItsBacktest()
    {
        var trial = Sweep.Run(Bars, Cross, [Grid[7]]).Trials.Single();
        var result = Backtest.Run(Bars, Cross(Grid[7]));
        var returns = result.Equity.Returns();
        var equity = result.Equity.Values.ToArray();
        var (mean, n) = (returns.Average(), (double)returns.Length);
        double Moment(int power) => returns.Average(value => Math.Pow(value - mean, power));
        Assert.AreEqual(equity[^1], trial.FinalEquity);
        Assert.AreEqual((equity[^1] / 10_000) - 1, trial.TotalReturn, 1e-14);
        Assert.AreEqual(mean / returns.StandardDeviation(), trial.Sharpe, 1e-12);
        Assert.AreEqual(499, trial.Returns);
        Assert.AreEqual(Moment(3) / Math.Pow(Moment(2), 1.5), trial.Skewness, 1e-10);
        Assert.AreEqual(Moment(4) / Math.Pow(Moment(2), 2), trial.Kurtosis, 1e-10);
        Assert.AreEqual(equity.Select((value, bar) => 1 - (value / equity[..(bar + 1)].Max())).Max(), trial.MaximumDrawdown, 1e-14);
        Assert.AreEqual(result.Trades.Count, trial.Trades);
        Assert.IsNull(trial.Fault);
    }

    [TestMethod]
    public void Best_ByEachMeasure_IsItsExtreme()
    {
        foreach (var measure in Enum.GetValues<SweepMeasure>())
        {
            var result = Sweep.Run(Bars, Cross, Grid, null, new SweepOptions { Measure = measure });
            var expected = measure switch
            {
                SweepMeasure.Sharpe => result.Trials.OrderByDescending(trial => trial.Sharpe).First(),
                SweepMeasure.TotalReturn => result.Trials.OrderByDescending(trial => trial.TotalReturn).First(),
                _ => result.Trials.OrderBy(trial => trial.MaximumDrawdown).First(),
            };
            Assert.AreEqual(expected, result.Best);
        }
    }

    [TestMethod]
    public void DeflatedSharpe_OfTheWinner_IsThatOfAllTrials()
    {
        var result = Sweep.Run(Bars, Cross, Grid);
        var sharpes = result.Trials.Select(trial => trial.Sharpe).ToArray();
        var (best, n) = (result.Best!, (double)sharpes.Length);
        var expected = Math.Sqrt(sharpes.Variance()) *
            ((0.4227843351 * Normal.InvCDF(0, 1, 1 - (1 / n))) + (0.5772156649 * Normal.InvCDF(0, 1, 1 - (1 / (n * Math.E)))));
        var error = Math.Sqrt(1 - (best.Skewness * best.Sharpe) + ((best.Kurtosis - 1) / 4 * best.Sharpe * best.Sharpe));
        Assert.AreEqual(Normal.CDF(0, 1, (best.Sharpe - expected) * Math.Sqrt(best.Returns - 1) / error), result.DeflatedSharpe, 1e-9);
        Assert.AreEqual(sharpes.Length, result.EffectiveTrials);
        Assert.AreEqual(sharpes.Variance(), result.SharpeVariance, 1e-15);

        // A single trial selects nothing, so it is the probabilistic ratio against zero.
        var single = Sweep.Run(Bars, Cross, [Grid[7]]);
        var trial = single.Best!;
        var spread = Math.Sqrt(1 - (trial.Skewness * trial.Sharpe) + ((trial.Kurtosis - 1) / 4 * trial.Sharpe * trial.Sharpe));
        Assert.AreEqual(Normal.CDF(0, 1, trial.Sharpe * Math.Sqrt(498) / spread), single.DeflatedSharpe, 1e-9);
    }

    [TestMethod]
    public void Run_WithTrialsThatFail_RecordsThemAndGoesOn()
    {
        var trials = ParameterGrid.Create([new("kind", [0, 1, 2, 3, 4])]);
        var result = Sweep.Run(Bars, set => set.Integer("kind") switch
        {
            0 => throw new InvalidOperationException("no such strategy"),
            1 => new Strategy("fails", context => throw new InvalidOperationException($"at bar {context.Bar}")),
            2 => new Strategy("too-slow", setup =>
            {
                setup.Use(new SimpleMovingAverage(5000));
                return _ => { };
            }),
            3 => new Strategy("idle", _ => { }),
            _ => ControlStrategies.BuyAndHold(),
        }, trials);
        Assert.Contains("no such strategy", result.Trials[0].Fault!);
        Assert.Contains("at bar 0", result.Trials[1].Fault!);
        Assert.Contains("no decision", result.Trials[2].Fault!);
        Assert.IsNull(result.Trials[3].Fault);
        Assert.IsTrue(double.IsNaN(result.Trials[3].Sharpe));
        Assert.AreEqual(0, result.Trials[3].TotalReturn);
        Assert.AreEqual(4, result.Best!.Index);
        Assert.AreEqual(1, result.EffectiveTrials);

        var none = Sweep.Run(Bars, _ => throw new InvalidOperationException("no"), trials);
        Assert.IsNull(none.Best);
        Assert.IsTrue(double.IsNaN(none.DeflatedSharpe));
    }

    [TestMethod]
    public async Task Run_WithAFolder_StreamsItsPartsInOrder()
    {
        using var folder = new TemporaryFolder();
        var result = Sweep.Run(Bars, Cross, Grid, null, new SweepOptions { Folder = folder.Path, PartTrials = 20, Workers = 3 });
        var files = Directory.GetFiles(folder.Path, "*.parquet").Order().ToArray();
        Assert.HasCount(((Grid.Count - 1) / 20) + 1, files);
        var row = 0;
        foreach (var file in files)
        {
            await using var reader = await Parquet.ParquetReader.CreateAsync(file);
            var fields = reader.Schema.DataFields;
            Assert.AreEqual("trial", fields[0].Name);
            Assert.AreEqual("fast", fields[1].Name);
            Assert.AreEqual("slow", fields[2].Name);
            using var group = reader.OpenRowGroupReader(0);
            var (index, slow, sharpe) = (new int[group.RowCount], new double[group.RowCount], new double?[group.RowCount]);
            await group.ReadAsync<int>(fields[0], index.AsMemory());
            await group.ReadAsync<double>(fields[2], slow.AsMemory());
            await group.ReadAsync<double>(fields.Single(field => field.Name == "sharpe"), sharpe.AsMemory());
            for (var at = 0; at < index.Length; at++, row++)
            {
                Assert.AreEqual(row, index[at]);
                Assert.AreEqual(Grid[row]["slow"], slow[at]);
                Assert.AreEqual(result.Trials[row].Sharpe, sharpe[at]);
            }
        }

        Assert.AreEqual(Grid.Count, row);
    }

    [TestMethod]
    public void Run_AfterBeingStopped_DoesTheRestAndGivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var options = new SweepOptions { Folder = folder.Path, PartTrials = 10, Workers = 1 };
        using var stop = new CancellationTokenSource();
        var runs = 0;
        Assert.Throws<OperationCanceledException>(() => Sweep.Run(
            Bars,
            set =>
            {
                if (++runs == 35)
                {
                    stop.Cancel();
                }

                return set["fast"] == 3 ? throw new InvalidOperationException("three") : Cross(set);
            },
            Grid,
            null,
            options,
            cancellationToken: stop.Token));
        Assert.HasCount(3, Directory.GetFiles(folder.Path, "part-*.parquet"));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.tmp"));

        var shares = new List<double>();
        var rest = 0;
        Strategy Counted(ParameterSet set)
        {
            Interlocked.Increment(ref rest);
            return set["fast"] == 3 ? throw new InvalidOperationException("three") : Cross(set);
        }

        var resumed = Sweep.Run(Bars, Counted, Grid, null, options with { Workers = 2 }, new Collect(shares));
        Assert.AreEqual(Grid.Count - 30, rest);
        Assert.AreEqual(1, shares[^1]);
        Assert.IsTrue(shares.Zip(shares.Skip(1)).All(pair => pair.First < pair.Second));
        CollectionAssert.AreEqual(Sweep.Run(Bars, Counted, Grid).Trials.ToArray(), resumed.Trials.ToArray());
    }

    [TestMethod]
    public void Run_IntoTheFolderOfAnotherSweep_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = new SweepOptions { Folder = folder.Path, PartTrials = 50 };
        Sweep.Run(Bars, Cross, Grid, null, options);
        foreach (var other in (Action[])
        [
            () => Sweep.Run(RandomBars.Single(500, 12), Cross, Grid, null, options),
            () => Sweep.Run(Bars, Cross, Grid.Skip(1).ToArray(), null, options),
            () => Sweep.Run(Bars, Cross, Grid, new BacktestOptions { Cash = 20_000 }, options),
            () => Sweep.Run(Bars, Cross, Grid, new BacktestOptions { Commission = Commission.Rate(1e-6) }, options),
            () => Sweep.Run(Bars, Cross, Grid, new BacktestOptions { Slippage = Slippage.Rate(1e-6) }, options),
            () => Sweep.Run(Bars, Cross, Grid, null, options with { PartTrials = 51 }),
        ])
        {
            Assert.Contains(folder.Path, Assert.ThrowsExactly<ConfigurationException>(other).Message);
        }

        File.Delete(Path.Combine(folder.Path, "sweep.txt"));
        Assert.ThrowsExactly<ConfigurationException>(() => Sweep.Run(Bars, Cross, Grid, null, options));
    }

    [TestMethod]
    public void Run_WithADamagedPart_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var options = new SweepOptions { Folder = folder.Path, PartTrials = 50 };
        Sweep.Run(Bars, Cross, Grid, null, options);
        var part = Directory.GetFiles(folder.Path, "part-*.parquet").Order().First();
        File.WriteAllBytes(part, [1, 2, 3]);
        Assert.Contains("Delete the file", Assert.ThrowsExactly<DataFormatException>(() => Sweep.Run(Bars, Cross, Grid, null, options)).Message);
        File.Delete(part);
        Assert.HasCount(Grid.Count, Sweep.Run(Bars, Cross, Grid, null, options).Trials);
    }

    [TestMethod]
    public void Run_OfMoreBars_AllocatesTheirEquityOnly()
    {
        var (shorter, longer) = (RandomBars.Single(1000), RandomBars.Single(5000));
        var idle = new Strategy("idle", setup =>
        {
            setup.Use(new SimpleMovingAverage(5));
            return _ => { };
        });
        Assert.IsLessThan(4000 * 9, Allocated(longer) - Allocated(shorter));

        long Allocated(Market market)
        {
            Backtest.Run(market, idle);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Backtest.Run(market, idle);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestMethod]
    public void Run_WithOptionsThatCannotBe_IsRefused()
    {
        var fault = Assert.ThrowsExactly<ConfigurationException>(() => Sweep.Run(
            Bars, Cross, Grid, null, new SweepOptions { Workers = 0, PartTrials = 0, Measure = (SweepMeasure)9 }));
        Assert.HasCount(3, fault.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => Sweep.Run(Bars, Cross, []));
        Assert.ThrowsExactly<ConfigurationException>(() => Sweep.Run(
            Bars, Cross, [Grid[0], new ParameterSet(["other"], [1])]));
        Assert.ThrowsExactly<ConfigurationException>(() => Sweep.Run(Bars, Cross, Grid, new BacktestOptions { Cash = -1 }));
    }

    internal static Strategy Cross(ParameterSet set)
    {
        var (fast, slow) = (set.Integer("fast"), set.Integer("slow"));
        return new Strategy("cross", setup =>
        {
            var (quick, lazy) = (setup.Use(new SimpleMovingAverage(fast)), setup.Use(new SimpleMovingAverage(slow)));
            return context =>
            {
                if (quick.CrossesAbove(lazy))
                {
                    context.Buy();
                }
                else if (quick.CrossesBelow(lazy))
                {
                    context.ClosePosition();
                }
            };
        });
    }

    private sealed class Collect(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sweep-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
