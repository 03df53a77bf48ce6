using System.Text.Json;
using Sequence.Backtesting;
using Sequence.Cli.Backtests;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class BacktestTests
{
    private const string Closes = """ "data": { "files": "prices.csv", "closeOnly": true }, """;

    [TestMethod]
    public void Run_BuyAndHold_IsTheHandComputedAccount()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, 100, 100, 110);
        var config = Backtests.Write(folder, $$"""
            { {{Closes}} "strategy": { "kind": "buy-and-hold" }, "account": { "cash": 10000, "commission": { "kind": "rate", "rate": 0.001 } } }
            """);
        var result = CommandLine.Run("backtest", "run", "--config", config, "--json").Json();

        // 100 units and their commission of 10 are more than the cash, so 99 are bought at 100 and end at 110.
        Assert.AreEqual(10_000 - 9900 - 9.9 + (99 * 110), result.GetProperty("summary").GetProperty("finalEquity").GetDouble(), 1e-9);
        Assert.AreEqual(9.9, result.GetProperty("ledger").GetProperty("commissions").GetDouble(), 1e-9);
        Assert.IsTrue(result.GetProperty("lookAhead").GetProperty("isClean").GetBoolean());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("folder").ValueKind);
        CollectionAssert.AreEqual(new[] { "backtest.json", "prices.csv" }, folder.Content());
    }

    [TestMethod]
    public void Config_Printed_RunsInEveryCommandAsItIs()
    {
        using var folder = new TemporaryFolder();
        var printed = CommandLine.Run("backtest", "config");
        Assert.AreEqual(0, printed.ExitCode);
        var config = Backtests.Write(folder, printed.Output);
        var run = CommandLine.Run("backtest", "run", "--config", config, "--out", folder.File("run"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        foreach (var part in new[] { "long-flat", "buy-and-hold", "Costs: commissions", "Looking ahead: none was found", "index.html" })
        {
            Assert.Contains(part, run.Output);
        }

        foreach (var name in new[] { "index.html", "result.json", "summary.json", "trades.csv", "trades.parquet", "equity.csv", "equity.parquet" })
        {
            Assert.IsTrue(File.Exists(folder.File($"run/{name}")), name);
        }

        var walk = CommandLine.Run("backtest", "walk-forward", "--config", config, "--out", folder.File("walk"), "--json").Json();
        Assert.AreEqual(451, walk.GetProperty("details").GetProperty("folds").GetInt32());
        var own = JsonDocument.Parse(File.ReadAllText(folder.File("run/result.json"))).RootElement;
        Assert.AreEqual(own.GetProperty("summary").GetRawText(), walk.GetProperty("summary").GetRawText());
        var sweep = CommandLine.Run("backtest", "sweep", "--config", config, "--json").Json().GetProperty("details");
        Assert.AreEqual(9, sweep.GetProperty("trials").GetInt32());
    }

    [TestMethod]
    public void WalkForward_TableTradedAgain_IsTheSameAccount()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(120));
        const string Strategy = """ "strategy": { "kind": "probability-weighted", "fraction": 0.5 } """;
        var made = Backtests.Write(folder, $$"""
            { {{Closes}} {{Strategy}}, "forecast": { "forecaster": "ar-2", "firstOrigin": 80, "levels": [50], "refit": 10 }, "report": { "folder": "walk" } }
            """);
        var walked = CommandLine.Run("backtest", "walk-forward", "--config", made, "--json").Json();
        Assert.AreEqual(41, walked.GetProperty("details").GetProperty("forecasts").GetInt32());
        foreach (var table in new[] { "walk/forecasts.csv", "walk/forecasts.parquet" })
        {
            var read = Backtests.Write(folder, $$""" { {{Closes}} {{Strategy}}, "forecast": { "table": "{{table}}" } } """, "read.json");
            var traded = CommandLine.Run("backtest", "run", "--config", read, "--json").Json();
            Assert.AreEqual(walked.GetProperty("summary").GetRawText(), traded.GetProperty("summary").GetRawText());
            Assert.Contains("beforehand", traded.GetProperty("lookAhead").GetProperty("unseen").GetString()!);
        }
    }

    [TestMethod]
    public void WalkForward_WithoutAStrategy_WritesTheTableAlone()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(60));
        var config = Backtests.Write(folder, $$""" { {{Closes}} "forecast": { "forecaster": "drift", "horizon": 3, "firstOrigin": 0.5 } } """);
        var outcome = CommandLine.Run("backtest", "walk-forward", "--config", config, "--out", folder.File("out"));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.Contains("11 folds, 33 forecasts by drift", outcome.Output);
        CollectionAssert.AreEquivalent(
            new[] { "folds", "forecasts.csv", "forecasts.parquet" },
            Directory.GetFileSystemEntries(folder.File("out")).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void Run_FillAtTheCloseThatDecided_IsFoundAndEndsWith1()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(80));
        var config = Backtests.Write(folder, $$"""
            { {{Closes}} "strategy": { "kind": "sma-cross", "fast": 2, "slow": 5 }, "account": { "tradeOnClose": true } }
            """);
        var found = CommandLine.Run("backtest", "run", "--config", config, "--out", folder.File("out"));
        Assert.AreEqual(1, found.ExitCode);
        Assert.Contains("looks ahead, so its results mean nothing", found.Error);
        Assert.DoesNotContain("   at ", found.Error);
        Assert.Contains("looks ahead", File.ReadAllText(folder.File("out/index.html")));
        Assert.AreEqual(0, CommandLine.Run("backtest", "run", "--config", config, "--no-guard").ExitCode);
    }

    [TestMethod]
    public void Run_AccountThatComesToNothing_SaysWhenAndWritesTheReport()
    {
        using var folder = new TemporaryFolder();
        double[] closes = [.. Enumerable.Range(0, 30).Select(row => 100 + (row % 2 * 0.1)), 60, 60, 60];
        Backtests.WriteCloses(folder, closes);
        var config = Backtests.Write(folder, $$"""
            {
              {{Closes}}
              "account": { "initialMargin": 0.1, "maintenanceMargin": 0 },
              "strategy": { "kind": "volatility-target", "targetVolatility": 50, "maximumLeverage": 8, "lookBack": 5, "deadBand": 0 },
              "forecast": { "table": "rises.csv" },
            }
            """);
        var rows = Enumerable.Range(0, closes.Length).Select(row =>
            $"prices,{row},{Backtests.Day(row):yyyy-MM-dd}T00:00:00Z,{Backtests.Day(row + 1):yyyy-MM-dd}T00:00:00Z,1,100,120,100,1,1");
        Files.WriteText(
            folder,
            "series,fold,origin,timestamp,step,actual,mean,at_origin,absolute_scale,squared_scale\n" + string.Join('\n', rows) + "\n",
            "rises.csv");
        var outcome = CommandLine.Run("backtest", "run", "--config", config, "--out", folder.File("out"));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.Contains("came to nothing at 2024-01-31", outcome.Output);
        Assert.Contains("came to nothing", File.ReadAllText(folder.File("out/index.html")));
    }

    [TestMethod]
    public void Run_RandomEntries_StandBesideTheStrategyAndRepeat()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(300));
        var config = Backtests.Write(folder, $$"""
            { {{Closes}} "strategy": { "kind": "rsi-reversal", "lookBack": 5 }, "report": { "randomEntries": 25, "randomSeed": 7 } }
            """);
        var first = CommandLine.Run("backtest", "run", "--config", config, "--json").Json().GetProperty("randomEntries");
        var second = CommandLine.Run("backtest", "run", "--config", config, "--json").Json().GetProperty("randomEntries");
        Assert.AreEqual(first.GetRawText(), second.GetRawText());
        Assert.AreEqual(25, first.GetProperty("draws").GetInt32());
        Assert.IsInRange(0.0, 1.0, first.GetProperty("shareBeaten").GetDouble());
        Assert.IsLessThanOrEqualTo(first.GetProperty("meanReturn").GetDouble(), first.GetProperty("lowReturn").GetDouble());
        Assert.Contains("random entries, mean of 25", CommandLine.Run("backtest", "run", "--config", config).Output);
    }

    [TestMethod]
    public void Sweep_Grid_FindsTheTrialThatRunFindsBestAndLeavesOutWhatCannotBe()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(300));
        var config = Backtests.Write(folder, $$"""
            {
              {{Closes}}
              "strategy": { "kind": "sma-cross", "allowShort": true },
              "sweep": { "parameters": { "fast": [2, 5, 10], "slow": { "from": 5, "to": 20, "step": 5 } }, "workers": 2, "partTrials": 4 }
            }
            """);
        var sweep = CommandLine.Run("backtest", "sweep", "--config", config, "--out", folder.File("out"), "--json").Json();
        var details = sweep.GetProperty("details");

        // Of 12 combinations 5, 5 and 10, 5 and 10, 10 are none.
        Assert.AreEqual(9, details.GetProperty("trials").GetInt32());
        Assert.AreEqual(3, details.GetProperty("leftOut").GetInt32());
        Assert.HasCount(3, Directory.GetFiles(folder.File("out/trials"), "*.parquet"));
        var best = details.GetProperty("best");
        var sharpes = new Dictionary<(double, double), double>();
        foreach (var (fast, slow) in new[] { (2, 5), (2, 10), (2, 15), (2, 20), (5, 10), (5, 15), (5, 20), (10, 15), (10, 20) })
        {
            var one = Backtests.Write(
                folder, $$""" { {{Closes}} "strategy": { "kind": "sma-cross", "fast": {{fast}}, "slow": {{slow}}, "allowShort": true } } """, "one.json");
            sharpes[(fast, slow)] = CommandLine.Run("backtest", "run", "--config", one, "--no-guard", "--json").Json()
                .GetProperty("summary").GetProperty("sharpe").GetDouble();
        }

        Assert.AreEqual(sharpes.MaxBy(pair => pair.Value).Key, (best.GetProperty("fast").GetDouble(), best.GetProperty("slow").GetDouble()));
        Assert.AreEqual(sharpes.Values.Max(), details.GetProperty("bestSharpe").GetDouble(), 1e-9);
        Assert.IsInRange(0.0, 1.0, details.GetProperty("deflatedSharpe").GetDouble());
        Assert.Contains("Deflated Sharpe ratio of the best", File.ReadAllText(folder.File("out/index.html")));
        Assert.Contains("--resume", CommandLine.Refused("backtest", "sweep", "--config", config, "--out", folder.File("out")));
        var again = CommandLine.Run("backtest", "sweep", "--config", config, "--out", folder.File("out"), "--json", "--resume").Json();
        Assert.AreEqual(sweep.GetRawText(), again.GetRawText());
    }

    [TestMethod]
    public void Sweep_NumbersOfTheAccount_AreThoseOfRunsWithThem()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(200));
        string Config(double rate, string sweep) => Backtests.Write(folder, FormattableString.Invariant(
            $$""" { {{Closes}} "strategy": { "kind": "sma-cross", "slow": 15 }, "account": { "commission": { "kind": "rate", "rate": {{rate}} } } {{sweep}} } """));
        var config = Config(0, """, "sweep": { "parameters": { "fast": [3, 5], "account.commission.rate": [0.01, 0.001, 0.002] } }""");
        var first = CommandLine.Run("backtest", "sweep", "--config", config, "--out", folder.File("out"), "--json").Json();
        var details = first.GetProperty("details");
        Assert.AreEqual(6, details.GetProperty("trials").GetInt32());
        Assert.AreEqual(0.001, details.GetProperty("best").GetProperty("account.commission.rate").GetDouble());
        Assert.HasCount(3, Directory.GetFiles(folder.File("out/trials"), "part-*.parquet", SearchOption.AllDirectories));
        var again = CommandLine.Run("backtest", "sweep", "--config", config, "--out", folder.File("out"), "--resume", "--json").Json();
        Assert.AreEqual(first.GetRawText(), again.GetRawText());
        var returns = new List<double>();
        foreach (var trial in details.GetProperty("ranked").EnumerateArray())
        {
            var parameters = trial.GetProperty("parameters");
            var run = CommandLine.Run("backtest", "sweep", "--json", "--config", Config(
                parameters.GetProperty("account.commission.rate").GetDouble(),
                FormattableString.Invariant($$""", "sweep": { "parameters": { "fast": [{{parameters.GetProperty("fast").GetDouble()}}] } }"""))).Json();
            Assert.AreEqual(run.GetProperty("summary").GetProperty("totalReturn").GetDouble(), trial.GetProperty("totalReturn").GetDouble(), 1e-12);
            returns.Add(trial.GetProperty("totalReturn").GetDouble());
        }

        Assert.HasCount(6, returns.Distinct());
        Assert.AreEqual(first.GetProperty("summary").GetProperty("totalReturn").GetDouble(), returns[0], 1e-12);
    }

    [TestMethod]
    public void SweepOutcome_OneAccount_IsThatOfTheLibrary()
    {
        var market = new Market(BarSeries.FromBars("A", [.. Backtests.Wave(150).Select(
            (close, row) => new Bar(DateTimeOffset.UnixEpoch.AddDays(row), close, close, close, close, 1))]));
        var trials = ParameterGrid.Create([new ParameterAxis("fast", [2, 3, 4]), new ParameterAxis("slow", [8, 12])]);
        foreach (var measure in Enum.GetValues<SweepMeasure>())
        {
            var known = Sweep.Run(
                market, set => IndicatorStrategies.SmaCross(set.Integer("fast"), set.Integer("slow"), true), trials, null, new SweepOptions { Measure = measure });
            var found = SweepOutcome.Of(known.Trials, measure);
            Assert.AreEqual(known.Best, found.Best);
            Assert.AreEqual(known.EffectiveTrials, found.EffectiveTrials);
            Assert.AreEqual(known.DeflatedSharpe, found.DeflatedSharpe, 1e-12);
        }
    }

    [TestMethod]
    public void Sweep_ResumedWithAnotherStrategy_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(100));
        string Config(bool allowShort) => Backtests.Write(folder, $$"""
            { {{Closes}} "strategy": { "kind": "rsi-reversal", "allowShort": {{(allowShort ? "true" : "false")}} }, "sweep": { "parameters": { "lookBack": [3, 5] } } }
            """);
        var (output, arguments) = (folder.File("out"), new[] { "backtest", "sweep", "--out", folder.File("out"), "--resume", "--config" });
        Assert.AreEqual(0, CommandLine.Run([.. arguments, Config(false)]).ExitCode);
        Assert.Contains(output, CommandLine.Refused([.. arguments, Config(true)]));
    }

    [TestMethod]
    public void Sweep_Random_DrawsWithinTheRange()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(150));
        var config = Backtests.Write(folder, $$"""
            {
              {{Closes}}
              "strategy": { "kind": "sma-cross" },
              "sweep": { "kind": "random", "trials": 12, "seed": 3, "measure": "total-return",
                "parameters": { "fast": { "from": 2, "to": 9, "distribution": "integer" }, "slow": [10, 20] } }
            }
            """);
        var details = CommandLine.Run("backtest", "sweep", "--config", config, "--json").Json().GetProperty("details");
        Assert.AreEqual(12, details.GetProperty("trials").GetInt32());
        Assert.AreEqual(0, details.GetProperty("failed").GetInt32());
        foreach (var trial in details.GetProperty("ranked").EnumerateArray())
        {
            Assert.IsInRange(2.0, 9.0, trial.GetProperty("parameters").GetProperty("fast").GetDouble());
        }
    }

    [TestMethod]
    public void Run_SeveralAssetsWithSplitAndDates_TradesThoseAsked()
    {
        using var folder = new TemporaryFolder();
        var lines = Enumerable.Range(0, 40).SelectMany(row => new[] { "AAA", "BBB", "CCC" }.Select((asset, index) =>
        {
            var price = (100 + row + index) / (asset == "BBB" && row >= 20 ? 2.0 : 1);
            return FormattableString.Invariant($"{Backtests.Day(row):yyyy-MM-dd},{asset},{price},{price + 1},{price - 1},{price},1000");
        }));
        Files.WriteText(folder, "day,symbol,open,high,low,close,volume\n" + string.Join('\n', lines) + "\n", "prices.csv");
        var config = Backtests.Write(folder, """
            {
              "data": {
                "files": ["prices.csv"], "columns": { "time": "day" }, "assets": ["BBB", "AAA"], "from": "2024-01-05", "to": "2024-02-05",
                "splits": [{ "asset": "BBB", "time": "2024-01-21", "ratio": 2 }], "dividends": [{ "asset": "AAA", "time": "2024-01-10", "amount": 0.5 }]
              },
              "account": { "slippage": { "kind": "square-root" }, "volumeLimit": 0.5, "calendar": { "timeZone": "UTC", "holidays": ["2024-01-15"] } },
              "strategy": { "kind": "buy-and-hold" }
            }
            """);
        var result = CommandLine.Run("backtest", "run", "--config", config, "--json").Json();
        CollectionAssert.AreEqual(
            new[] { "BBB", "AAA" }, result.GetProperty("assets").EnumerateArray().Select(asset => asset.GetString()).ToArray());
        Assert.AreEqual(32, result.GetProperty("summary").GetProperty("bars").GetInt32());
        Assert.IsGreaterThan(0, result.GetProperty("ledger").GetProperty("dividends").GetDouble());
        Assert.AreEqual(1, result.GetProperty("events").GetProperty("split").GetInt32());
        Assert.IsGreaterThan(0, result.GetProperty("summary").GetProperty("totalReturn").GetDouble());
    }

    [TestMethod]
    public void Run_ForecastsThatCountLessThanTheyAreApart_SaysThatTheStrategyIsFlatBetween()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(80));
        string Output(string strategy) => CommandLine.Run("backtest", "run", "--no-guard", "--config", Backtests.Write(
            folder, $$""" { {{Closes}} "strategy": { "kind": "long-flat"{{strategy}} }, "forecast": { "forecaster": "drift", "horizon": 4 } } """)).Output;
        Assert.Contains("Forecasts come every 4 bars and count for 1", Output(string.Empty));
        Assert.DoesNotContain("Forecasts come every", Output(""", "stepsAhead": 4"""));
        Assert.DoesNotContain("Forecasts come every", Output(""", "maximumAge": 3"""));
    }

    [TestMethod]
    public void WalkForward_FoldThatFails_KeepsTheFoldsBefore()
    {
        using var folder = new TemporaryFolder();
        var closes = Backtests.Wave(60);
        Backtests.WriteCloses(folder, closes);
        Directory.CreateDirectory(folder.File("out/folds/fold-000005.csv"));
        var config = Backtests.Write(folder, $$""" { {{Closes}} "forecast": { "forecaster": "drift", "firstOrigin": 50 } } """);
        var error = CommandLine.Refused("backtest", "walk-forward", "--config", config, "--out", folder.File("out"));
        Assert.Contains("Fold 5", error);
        Assert.Contains("5 finished parts are kept", error);
        Directory.Delete(folder.File("out/folds/fold-000005.csv"));
        var resumed = CommandLine.Run("backtest", "walk-forward", "--config", config, "--out", folder.File("out"), "--resume", "--json").Json();
        Assert.AreEqual(11, resumed.GetProperty("forecasts").GetInt32());
    }

    [TestMethod]
    public void Run_NeuralForecaster_IsWalkedForwardAndSearched()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(90));
        var config = Backtests.Write(folder, $$"""
            {
              {{Closes}}
              "strategy": { "kind": "long-short" },
              "forecast": { "forecaster": "nlinear", "lookBack": 5, "firstOrigin": 70, "refit": "once", "training": { "epochs": 2, "batchSize": 16 } },
              "guard": { "samples": 3 }
            }
            """);
        var result = CommandLine.Run("backtest", "run", "--config", config, "--json").Json();
        Assert.IsTrue(result.GetProperty("lookAhead").GetProperty("isClean").GetBoolean(), result.GetRawText());
        Assert.AreEqual(21, result.GetProperty("summary").GetProperty("bars").GetInt32());
    }
}
