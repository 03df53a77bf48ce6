using System.Text.Json;
using System.Text.RegularExpressions;
using Sequence.Cli.Backtests;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed partial class BacktestConfigTests
{
    private const string Closes = """ "data": { "files": "prices.csv", "closeOnly": true }, """;

    [TestMethod]
    public void Read_ManyFaults_AreAllReportedWithPathAndNearestName()
    {
        using var folder = new TemporaryFolder();
        var config = Backtests.Write(folder, """
            {
              // comments and trailing commas are no fault
              "data": { "files": "nowhere.csv", "asets": ["A"], "frequency": "fortnight", "from": "soon", },
              "account": {
                "cash": "much", "spread": 2, "lotsize": 1, "profile": "backtestingpy", "commission": { "kind": "rates" },
                "slippage": { "kind": "fixed" }, "calendar": { "timeZone": "Mars/Olympus", "opensAt": "9" },
              },
              "statistics": { "riskFreeRate": -2 },
              "strategy": { "kind": "long-flatt" },
              "forecast": { "forecaster": "persistance", "horizon": 0, "levels": [200], "refit": "mont", "step": 1.5, "window": "rolling", "workers": 0 },
              "guard": { "samples": 1 },
              "sweep": { "measure": "sharp" },
              "reports": {}, "report": [],
            }
            """);
        var error = CommandLine.Refused("backtest", "run", "--config", config);
        foreach (var fault in new[]
        {
            "nowhere.csv: there is no such file", "'data.asets'. Did you mean 'assets'?", "data.frequency is 'fortnight'", "data.from is 'soon'",
            "account.cash is 'much'; give a number", "account.spread is 2", "'account.lotsize'. Did you mean 'lotSize'?",
            "Did you mean 'backtesting-py'?", "account.commission.kind is 'rates'", "Did you mean 'rate'?", "account.slippage.amount is missing",
            "account.calendar.timeZone is 'Mars/Olympus'", "account.calendar.opensAt is '9'", "statistics.riskFreeRate is -2",
            "strategy.kind is 'long-flatt'", "Did you mean 'long-flat'?", "forecast.forecaster is 'persistance'", "Did you mean 'persistence'?",
            "forecast.horizon is 0", "200", "Did you mean 'month'?", "forecast.step is 1.5; give a whole number", "forecast.workers is 0",
            "guard.samples is 1", "Did you mean 'sharpe'?", "sweep.parameters is missing", "'reports'. Did you mean 'report'?", "report is a list",
        })
        {
            Assert.Contains(fault, error);
        }

        Assert.AreEqual(25, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, error);
        CollectionAssert.AreEqual(new[] { "backtest.json" }, folder.Content());
    }

    [TestMethod]
    [DataRow("{ \"strategy\": ", "backtest.json:1:")]
    [DataRow("[]", "The file is a list")]
    [DataRow("{ \"strategy\": { \"kind\": \"buy-and-hold\", \"kind\": \"top-k\" } }", "strategy.kind is there twice")]
    [DataRow("{}", "strategy is missing")]
    [DataRow("{}", "data.files is missing")]
    [DataRow("{ CLOSES \"strategy\": {} }", "strategy.kind is missing")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" } }", "forecast is missing")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"probability-weighted\" }, \"forecast\": { \"forecaster\": \"drift\" } }", "forecast.levels is empty")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\", \"stepsAhead\": 3 }, \"forecast\": { \"forecaster\": \"drift\" } }", "strategy.stepsAhead is 3")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": {} }", "forecast.forecaster is missing")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"table\": \"none.csv\" } }", "none.csv: there is no such file")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"ar-0\" } }", "forecast")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"drift\", \"training\": {} } }", "forecast.training is given")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"lstm\", \"training\": { \"learningRate\": -1 } } }", "forecast.training.learningRate is -1")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"lstm\", \"lookBack\": 0 } }", "forecast.lookBack is 0")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"lstm\", \"scaler\": \"wavelet\" } }", "wavelet")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"sma-cross\", \"fast\": 9, \"slow\": 4 } }", "strategy.slow is 4")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"sma-cross\", \"threshold\": 1 } }", "'strategy.threshold'")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"rsi-reversal\", \"low\": 80 } }", "strategy.high is 70")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"random-entries\", \"turnover\": 3 } }", "turnover of 3")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"sma-cross\", \"fast\": 20, \"slow\": 60 } }", "bars")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"drift\", \"firstOrigin\": 40 } }", "40 of 40 rows")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"drift\", \"firstOrigin\": \"2030-01-01\" } }", "40 of 40 rows")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"drift\", \"firstOrigin\": 1.5 } }", "forecast.firstOrigin")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"long-flat\" }, \"forecast\": { \"forecaster\": \"lstm-30\" } }", "28 of 40 rows")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"buy-and-hold\" }, \"account\": { \"volumeLimit\": 0.1 } }", "has no volumes")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"buy-and-hold\" }, \"account\": { \"profile\": \"backtesting-py\", \"lotSize\": 0 } }", "leave LotSize at 1")]
    [DataRow("{ CLOSES \"strategy\": { \"kind\": \"buy-and-hold\" }, \"account\": { \"commission\": { \"kind\": \"tiered\", \"tiers\": [{ \"from\": 5, \"rate\": 1 }] } } }", "must begin with one from 0")]
    public void Run_ConfigurationThatCannotBe_IsRefused(string json, string fault)
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(40));
        var config = Backtests.Write(folder, json.Replace("CLOSES", Closes, StringComparison.Ordinal));
        Assert.Contains(fault, CommandLine.Refused("backtest", "run", "--config", config, "--out", folder.File("out")));
        Assert.IsFalse(folder.Content().Any(name => name.StartsWith("out/", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("\"fasst\": [1, 2]", "sweep.parameters.fasst is no number of the strategy or the account; there are fast, slow, account.borrowRate, account.cash, account.financingRate, account.initialMargin, account.lotSize, account.maintenanceMargin, account.spread, account.volumeLimit. Did you mean 'fast'?")]
    [DataRow("\"allowShort\": [1, 2]", "sweep.parameters.allowShort is no number")]
    [DataRow("\"fast\": { \"from\": 5, \"to\": 2 }", "runs from 5 to 2")]
    [DataRow("\"fast\": { \"form\": 5, \"to\": 2 }", "Did you mean 'from'?")]
    [DataRow("\"fast\": [2, 2.5]", "2.5")]
    [DataRow("\"fast\": [40, 50]", "strategy.slow is 30")]
    [DataRow("\"fast\": [2, 2]", "twice")]
    [DataRow("\"fast\": \"all\"", "sweep.parameters.fast has 'all'")]
    [DataRow("\"account.commission.rate\": [0, 0.001]", "sweep.parameters.account.commission.rate is no number")]
    [DataRow("\"account.spread\": [0, 2]", "account.spread is 2")]
    [DataRow("\"fast\": []", "sweep.parameters.fast has no values")]
    [DataRow("\"fast\": null", "sweep.parameters.fast has no values")]
    [DataRow("", "sweep.parameters is empty")]
    public void Sweep_ParametersThatCannotBe_AreRefused(string parameters, string fault)
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(40));
        var config = Backtests.Write(
            folder, $$$""" { {{{Closes}}} "strategy": { "kind": "sma-cross" }, "sweep": { "parameters": { {{{parameters}}} } } } """);
        Assert.Contains(fault, CommandLine.Refused("backtest", "sweep", "--config", config));
    }

    [TestMethod]
    public void Read_BarsThatCannotBe_NameFileAndLine()
    {
        using var folder = new TemporaryFolder();
        Files.WriteText(folder, "date,open,high,low,close\n2024-01-01,1,2,1,1\n2024-01-02,1,1,2,1\n", "prices.csv");
        var config = Backtests.Write(folder, """ { "data": { "files": "prices.csv" }, "strategy": { "kind": "buy-and-hold" } } """);
        Assert.Contains("prices.csv:3", CommandLine.Refused("backtest", "run", "--config", config));
        Files.WriteText(folder, "date,close\n2024-01-01,1\n2024-01-02,-1\n", "prices.csv");
        Assert.Contains("column 'open'", CommandLine.Refused("backtest", "run", "--config", config));
        var closes = Backtests.Write(folder, $$""" { {{Closes}} "strategy": { "kind": "buy-and-hold" } } """);
        Assert.Contains("prices.csv:3", CommandLine.Refused("backtest", "run", "--config", closes));
        Assert.Contains("positive", CommandLine.Refused("backtest", "run", "--config", closes));
    }

    [TestMethod]
    public void Read_AssetThatIsNot_NamesThoseThereAre()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(20));
        var config = Backtests.Write(
            folder, """ { "data": { "files": "prices.csv", "closeOnly": true, "assets": "pricse" }, "strategy": { "kind": "buy-and-hold" } } """);
        Assert.Contains("Did you mean 'prices'?", CommandLine.Refused("backtest", "run", "--config", config));
        config = Backtests.Write(
            folder, """ { "data": { "files": "prices.csv", "closeOnly": true, "from": "2030-01-01" }, "strategy": { "kind": "buy-and-hold" } } """);
        Assert.Contains("leave no bar", CommandLine.Refused("backtest", "run", "--config", config));
    }

    [TestMethod]
    public void WalkForward_WithoutFolderOrWithATable_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(40));
        var config = Backtests.Write(folder, $$""" { {{Closes}} "forecast": { "forecaster": "drift" } } """);
        Assert.Contains("--out", CommandLine.Refused("backtest", "walk-forward", "--config", config));
        config = Backtests.Write(folder, $$""" { {{Closes}} "forecast": { "table": "prices.csv" } } """);
        Assert.Contains("nothing to walk forward", CommandLine.Refused("backtest", "walk-forward", "--config", config, "--out", folder.File("out")));
        config = Backtests.Write(folder, $$""" { {{Closes}} "strategy": { "kind": "long-flat" }, "forecast": { "table": "prices.csv" } } """);
        Assert.Contains("prices.csv", CommandLine.Refused("backtest", "run", "--config", config));
    }

    [TestMethod]
    public void WalkForward_ResumedWithOtherOptions_SaysWhichDiffer()
    {
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(40));
        string[] Arguments(string forecaster) =>
        [
            "backtest", "walk-forward", "--out", folder.File("out"), "--resume",
            "--config", Backtests.Write(folder, $$""" { {{Closes}} "forecast": { "forecaster": "{{forecaster}}" } } """),
        ];
        Assert.AreEqual(0, CommandLine.Run(Arguments("drift")).ExitCode);
        Assert.Contains("drift", CommandLine.Refused(Arguments("persistence")));
    }

    [TestMethod]
    public void Page_Configuration_NamesEveryKeyThatThereIsAndNoOther()
    {
        var faults = new ConfigFaults();
        foreach (var text in EveryKind())
        {
            BacktestConfig.Read(JsonDocument.Parse(text).RootElement, Path.GetFullPath("backtest.json"), [], faults);
        }

        var page = File.ReadAllText(Path.Combine(Files.RepositoryRoot(), "docs", "backtest-config.md"));
        var keys = faults.Asked.Select(path => path[(path.LastIndexOf('.') + 1)..]).ToHashSet(StringComparer.Ordinal);
        CollectionAssert.Contains(keys.ToArray(), "targetVolatility");
        foreach (var path in faults.Asked)
        {
            var key = path[(path.LastIndexOf('.') + 1)..];
            Assert.IsTrue(new[] { $"`{key}`", $"## {key}\n", $".{key}`" }.Any(form => page.Contains(form, StringComparison.Ordinal)), path);
            Assert.IsTrue(SampleConfig.Text.Contains(key, StringComparison.Ordinal), $"{path} is not in the printed configuration.");
        }

        // A camel-case word in the page's code is a key that there is; those below are none.
        foreach (var word in CamelCase().Matches(page).Select(match => match.Groups["key"].Value).Distinct())
        {
            Assert.IsTrue(keys.Contains(word), word);
        }
    }

    [TestMethod]
    public void Page_Configuration_HasTheDefaultsOfThePrintedOne()
    {
        // What stands in the printed file beside its default is what is read when everything is left out.
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var printed = Read(JsonDocument.Parse(SampleConfig.Text, options).RootElement);
        var empty = Read(JsonDocument.Parse("""
            { "data": { "sample": "daily-index" }, "strategy": { "kind": "long-flat" }, "forecast": { "forecaster": "ar-5", "refit": "month" },
              "account": { "commission": { "kind": "rate", "rate": 0.001 } } }
            """).RootElement);
        Assert.AreEqual(empty.Statistics, printed.Statistics);
        Assert.AreEqual(empty.Guard, printed.Guard);
        Assert.AreEqual(empty.Report, printed.Report);
        Assert.AreEqual(
            (empty.Account with { Commission = printed.Account.Commission, Slippage = printed.Account.Slippage }).ToString(), printed.Account.ToString());
        Assert.AreEqual(empty.Forecast!.Walk.ToString(), printed.Forecast!.Walk.ToString());

        static BacktestConfig Read(JsonElement text)
        {
            var faults = new ConfigFaults();
            var config = BacktestConfig.Read(text, Path.GetFullPath("backtest.json"), [], faults);
            faults.ThrowIfAny("backtest.json");
            return config;
        }
    }

    private static IEnumerable<string> EveryKind()
    {
        foreach (var kind in StrategyPlan.Kinds)
        {
            yield return $$""" { "strategy": { "kind": "{{kind}}" }, "forecast": { "forecaster": "lstm", "training": {} } } """;
        }

        foreach (var kind in new[] { "rate", "per-share", "fixed-and-rate", "tiered" })
        {
            yield return $$""" { "account": { "commission": { "kind": "{{kind}}", "tiers": [{}] } } } """;
        }

        foreach (var kind in new[] { "fixed", "rate", "volume-share", "square-root" })
        {
            yield return $$""" { "account": { "slippage": { "kind": "{{kind}}" }, "calendar": {} } } """;
        }

        yield return """ { "data": { "splits": [{}], "dividends": [{}] }, "strategy": { "kind": "sma-cross" }, "sweep": { "parameters": {} } } """;
    }

    [GeneratedRegex("`(?<key>[a-z]+[A-Z][A-Za-z]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CamelCase();
}
