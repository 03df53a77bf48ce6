using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sequence.Backtesting;
using Sequence.Forecasting;

namespace Sequence.Reporting.Tests.Backtests;

[TestClass]
public sealed partial class BacktestReportTests
{
    private static readonly Strategy Idle = new("idle", _ => { });

    [TestMethod]
    public void Page_WithEverything_HasEveryPartOnceAndIsWellFormed()
    {
        var html = Demonstration.Create().ToHtmlReport().ToHtml();
        XDocument.Parse(html["<!DOCTYPE html>".Length..]);
        string[] expected =
        [
            "Worth, drawdown and rolling Sharpe ratio", "Worst drawdowns", "Returns by month", "Beside buying and holding", "Trading", "Costs", "Trades",
            "Forecast against outcome", "Sweep", "Events", "How this was run", "Notes",
        ];
        CollectionAssert.AreEqual(expected, Heading().Matches(html).Select(match => match.Groups["text"].Value).ToArray());
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http", html.Replace("http://www.w3.org", string.Empty, StringComparison.Ordinal).Replace("http-equiv", string.Empty, StringComparison.Ordinal));
    }

    [TestMethod]
    public void Page_OfHostileNames_CarriesThemAsText()
    {
        const string Name = "<script>alert('x')</script>&\"\u0001";
        var html = Demonstration.Create(Name).ToHtmlReport().ToHtml();
        XDocument.Parse(html["<!DOCTYPE html>".Length..]);
        Assert.DoesNotContain("<script", html);
        Assert.IsGreaterThan(8, html.Split("&lt;script&gt;").Length);
    }

    [TestMethod]
    public void BuyAndHold_OfOneAsset_IsBesideTheStrategy()
    {
        var html = Page(Prices("A", 100, 110, 99, 150), Idle);
        StringAssert.Contains(html, "<span>Total return</span><b>0.00%</b><span>buy-and-hold 50.00%</span>");
        StringAssert.Contains(html, "<b>0.00%</b><span>buy-and-hold \u221210.00%</span>");
        CollectionAssert.AreEqual(new[] { "0.00%", "50.00%" }, Row(html, "Total return"));
    }

    [TestMethod]
    public void BuyAndHold_WithSplitAndDividend_KeepsBoth()
    {
        // 5,000 buy 50 A, which become 100 worth 60 each; 5,000 buy 100 B, which pay 5 each: 6,000 + 5,000 + 500.
        var day = Demonstration.Start.AddDays(1);
        var market = new Market([Prices("A", 100, 60), Prices("B", 50, 50)], [new Split("A", day, 2)], [new Dividend("B", day, 5)]);
        CollectionAssert.AreEqual(new[] { "0.00%", "15.00%" }, Row(Page(market, Idle), "Total return"));
    }

    [TestMethod]
    public void BuyAndHold_OfALateAsset_HoldsItsCashUntilThen()
    {
        // B starts at the second bar, has none at the third, and ends at 80 of 40.
        var late = new BarSeries(
            "B", new[] { Demonstration.Start.AddDays(1), Demonstration.Start.AddDays(3) }, new[] { 40.0, 80 }, new[] { 40.0, 80 }, new[] { 40.0, 80 }, new[] { 40.0, 80 });
        CollectionAssert.AreEqual(
            new[] { "0.00%", "50.00%" }, Row(Page(new Market(Prices("A", 10, 10, 10, 10), late), Idle), "Total return"));
    }

    [TestMethod]
    public void Benchmark_NamedBuyAndHold_TakesItsPlace()
    {
        var market = new Market(Prices("A", 100, 110));
        var html = Report(market, Idle) with
        {
            Benchmarks = [new BenchmarkCurve("half", Curve(market, 8, 4)), new BenchmarkCurve(BacktestReport.BuyAndHold, Curve(market, 1, 3))],
        };
        CollectionAssert.AreEqual(new[] { "0.00%", "200.00%", "\u221250.00%" }, Row(html.ToHtmlReport().ToHtml(), "Total return"));
    }

    [TestMethod]
    public void Benchmarks_OfOneName_AreRefused()
    {
        var market = new Market(Prices("A", 100, 110));
        var report = Report(market, Idle) with { Benchmarks = [new("b", Curve(market, 1, 2)), new("b", Curve(market, 1, 2))] };
        StringAssert.Contains(Assert.ThrowsExactly<ConfigurationException>(() => report.ToHtmlReport()).Message, "'b'");
    }

    [TestMethod]
    public void Costs_OfOneTrade_AreTheHandComputedOnes()
    {
        // 10 units bought at 100 plus half of 0.2 % spread: 1.00 of spread, 0.1 % commission of 1,001: 1.001. Worth 110 at the end: without costs 100.
        var html = Page(
            Prices("A", 100, 100, 110),
            new Strategy("buy", context =>
            {
                if (context.Bar == 0)
                {
                    context.Buy(10);
                }
            }),
            new BacktestOptions { Commission = Commission.Rate(0.001), Spread = 0.002 });
        CollectionAssert.AreEqual(new[] { "100.00", "100.0%", string.Empty }, Row(html, "gross profit"));
        CollectionAssert.AreEqual(new[] { "\u22121.00", "1.0%", string.Empty }, Row(html, "commissions"));
        CollectionAssert.AreEqual(new[] { "\u22121.00", "1.0%", string.Empty }, Row(html, "spread"));
        CollectionAssert.AreEqual(new[] { "0.00", "0.0%", string.Empty }, Row(html, "slippage"));
        CollectionAssert.AreEqual(new[] { "\u22122.00", "2.0%", string.Empty }, Row(html, "all costs"));
        CollectionAssert.AreEqual(new[] { "98.00", "98.0%", string.Empty }, Row(html, "net profit"));
        StringAssert.Contains(html, "1,001 was bought and sold; costs are 20.0 basis points of it.");
    }

    [TestMethod]
    [DataRow(ExecutionProfile.Standard)]
    [DataRow(ExecutionProfile.BacktestingPy)]
    public void NetProfit_OfAnyProfile_IsWhatTheAccountGained(ExecutionProfile profile)
    {
        var market = new Market(Demonstration.Walk("A", 400));
        var report = Report(
            market, Demonstration.Alternate(9), new BacktestOptions { Profile = profile, Commission = Commission.Rate(0.001), Spread = 0.001 });
        var html = report.ToHtmlReport().ToHtml();
        double Cash(string row) => double.Parse(Row(html, row)[0].Replace('\u2212', '-'), CultureInfo.InvariantCulture);
        Assert.AreEqual(report.Result.Equity.Values.Span[^1] - 10_000, Cash("net profit"), 0.0051);
        Assert.AreEqual(Cash("gross profit") + Cash("all costs"), Cash("net profit"), 0.02);
        Assert.IsLessThan(-10, Cash("commissions"));
        Assert.IsLessThan(-10, Cash("spread"));
    }

    [TestMethod]
    public void Numbers_ThatAreUndefined_AreDashesWithTheirReason()
    {
        var html = Page(Prices("A", 100, 110, 99), Idle);
        CollectionAssert.AreEqual(new[] { "\u2013" }, Row(html, "Trades with profit"));
        StringAssert.Contains(html, "title=\"Undefined: no trade was closed.\"");
        StringAssert.Contains(html, "Trades with profit: no trade was closed.");
        StringAssert.Contains(html, "This run assumed that trading costs nothing");
        StringAssert.Contains(html, "There was no trade.");
        StringAssert.Contains(html, "Looking ahead: this run was not searched for it.");
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotContain("Infinity", html);
    }

    [TestMethod]
    [DataRow(SharpeConvention.MeanOverStd, "Convention MeanOverStd")]
    [DataRow(SharpeConvention.Compounded, "Convention Compounded")]
    [DataRow(SharpeConvention.Lean, "Convention Lean")]
    public void Sharpe_OfAConvention_NamesItAndItsPeriods(SharpeConvention convention, string name)
    {
        var html = (Report(new Market(Prices("A", 100, 110, 99)), Idle) with
        {
            Performance = new PerformanceOptions { SharpeConvention = convention, PeriodsPerYear = 260, RiskFreeRate = 0.02 },
        }).ToHtmlReport().ToHtml();
        var tile = html[..html.IndexOf("<span>Sharpe ratio</span>", StringComparison.Ordinal)];
        tile = tile[tile.LastIndexOf("title=", StringComparison.Ordinal)..];
        StringAssert.Contains(tile, name);
        StringAssert.Contains(tile, "A = 260 bars a year");
        StringAssert.Contains(tile, "risk-free rate 2 % a year");
    }

    [TestMethod]
    public void Months_OfACurve_AreColouredByTheirReturn()
    {
        // From 31 January on: nothing in January, then 110 at the end of February and 99 in March, -10 %.
        BarSeries series = new(
            "A",
            new[] { "2024-01-31", "2024-02-29", "2024-03-31" }.Select(day => DateTimeOffset.Parse($"{day}T00:00:00Z", CultureInfo.InvariantCulture)).ToArray(),
            new[] { 100.0, 100, 110 },
            new[] { 100.0, 110, 110 },
            new[] { 100.0, 100, 99 },
            new[] { 100.0, 110, 99 });
        var html = Page(
            new Market(series),
            new Strategy("all", context =>
            {
                if (context.Bar == 0)
                {
                    context.Buy(100);
                }
            }));
        StringAssert.Contains(html, "<td class=\"number shade up5\">10.0</td><td class=\"number shade down5\">\u221210.0</td>");
        StringAssert.Contains(html, "<td class=\"number best\">\u22121.0</td>");
    }

    [TestMethod]
    public void Forecasts_BesidePersistence_HaveTheHandComputedErrors()
    {
        // Errors 1 and 1.5, persistence 1 and 1; the first goes the right way, the second does not; the third did not move and counts for errors only.
        var day = Demonstration.Start;
        ForecastRow Made(int fold, double actual, double mean) =>
            new("A", fold, day.AddDays(fold), day.AddDays(fold + 1), 1, actual, mean, [], 10, 1, 1);
        var html = (Report(new Market(Prices("A", 10, 11, 9)), Idle) with
        {
            Forecasts = new ForecastTable([Made(0, 11, 12), Made(1, 9, 10.5), Made(2, 10, 10.5)]),
        }).ToHtmlReport().ToHtml();
        Assert.AreEqual("3 1 0.66667 1.500 50.0%", string.Join(' ', Row(html, "1")));
    }

    [TestMethod]
    public void Forecasts_WithoutOutcomes_AreSaidToBeUnknown()
    {
        var row = new ForecastRow("A", 0, Demonstration.Start, Demonstration.Start.AddDays(9), 1, double.NaN, 1, [], 10, 1, 1);
        StringAssert.Contains(
            (Report(new Market(Prices("A", 10, 11)), Idle) with { Forecasts = new ForecastTable([row]) }).ToHtmlReport().ToHtml(),
            "what came is not known");
    }

    [TestMethod]
    public void Trades_MoreThanTheTableHolds_AreTheLastFifty()
    {
        var report = Demonstration.Create(bars: 900, every: 7);
        var html = report.ToHtmlReport().ToHtml();
        var all = report.Result.Trades.Count + report.Result.OpenTrades.Count;
        Assert.IsGreaterThan(100, all);
        StringAssert.Contains(html, $"The last 50 of {all} trades; trades.csv and .parquet");
        Assert.HasCount(51, html.Split("<td class=\"\">AAA</td>"));
        StringAssert.Contains(html, "AAA has the most trades of 2 assets.");
    }

    [TestMethod]
    public void Events_OfARun_AreCountedAndTheFirstShown()
    {
        // Without leverage a second purchase of the same size cannot be paid.
        var result = Backtest.Run(
            new Market(Prices("A", [.. Enumerable.Repeat(100.0, 12)])), new Strategy("greedy", context => context.Buy(99)));
        var rejected = result.Events.Count(entry => entry.Kind == BacktestEventKind.OrderRejected);
        Assert.IsGreaterThan(6, rejected);
        var html = new BacktestReport { Result = result, Market = new Market(Prices("A", [.. Enumerable.Repeat(100.0, 12)])) }.ToHtmlReport().ToHtml();
        Assert.AreEqual(rejected.ToString(CultureInfo.InvariantCulture), Row(html, "order rejected")[0]);
        Assert.HasCount(6, html.Split("<dd>order rejected: "));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Page_OfFewBars_IsWhole(int bars)
    {
        var html = Page(new Market(Demonstration.Walk("A", bars)), Demonstration.Alternate(1));
        XDocument.Parse(html["<!DOCTYPE html>".Length..]);
        Assert.DoesNotContain("NaN", html);
    }

    [TestMethod]
    public void Worth_OverAWideRange_IsLogarithmic()
    {
        var rising = new Market(Prices("A", [.. Enumerable.Range(0, 40).Select(day => 10 * Math.Exp(day / 10.0))]));
        StringAssert.Contains(Page(rising, Idle), "<figcaption>Worth, logarithmic</figcaption>");
        StringAssert.Contains(Page(Prices("A", 100, 110, 90), Idle), "<figcaption>Worth</figcaption>");
    }

    [TestMethod]
    public void Page_OfAMillionBarsAndThousandsOfTrades_StaysSmall()
    {
        var market = new Market(Demonstration.Walk("A", 1_000_000, step: TimeSpan.FromMinutes(1)));
        var result = Backtest.Run(market, Demonstration.Alternate(200), Demonstration.Options);
        Assert.IsGreaterThan(4000, result.Trades.Count);
        var html = new BacktestReport { Result = result, Market = market }.ToHtmlReport().ToHtml();
        StringAssert.Contains(html, "The last 30 trades of A");
        Assert.IsLessThan(1_500_000, html.Length);
        Assert.IsGreaterThan(100_000, html.Length);
    }

    [TestMethod]
    public async Task Write_IntoAFolder_MakesOneFile()
    {
        var folder = Directory.CreateTempSubdirectory("sequence-sheet-").FullName;
        try
        {
            var path = await Demonstration.Create(bars: 60).WriteAsync(Path.Combine(folder, "new"));
            Assert.AreEqual(Path.Combine(folder, "new", BacktestReport.FileName), path);
            Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One bar among so many must still be seen.</summary>
    [TestMethod]
    public void Page_OfManyBars_KeepsASinglePeak()
    {
        var closes = new double[200_000];
        Array.Fill(closes, 100.0);
        closes[123_457] = 400;
        var times = Enumerable.Range(0, closes.Length).Select(minute => Demonstration.Start.AddMinutes(minute)).ToArray();
        var market = new Market(new BarSeries("A", times, closes, closes, closes, closes));
        var html = Page(market, Idle);
        var document = XDocument.Parse(html["<!DOCTYPE html>".Length..]);
        var held = document.Descendants().Where(element => element.Attribute("class")?.Value == "line dashed c6")
            .Select(element => element.Attribute("d")!.Value).First(path => !path.Contains('h', StringComparison.Ordinal));
        var heights = held.Split(' ', 'M').Where(text => text.Length > 0).Where((_, index) => index % 2 == 1)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();

        // The frame reaches from y = 26 to 294 and the peak lies 6 % of the range below its top.
        Assert.AreEqual(26 + (268 * 0.06 / 1.1), heights.Min(), 0.2);
        Assert.IsLessThan(4 * 860, heights.Length);
    }

    private static BacktestReport Report(Market market, Strategy strategy, BacktestOptions? options = null) => new()
    {
        Result = Backtest.Run(market, strategy, options),
        Market = market,
    };

    private static string Page(Market market, Strategy strategy, BacktestOptions? options = null) =>
        Report(market, strategy, options).ToHtmlReport().ToHtml();

    private static string Page(BarSeries series, Strategy strategy, BacktestOptions? options = null) => Page(new Market(series), strategy, options);

    private static BarSeries Prices(string asset, params double[] prices) => new(
        asset, prices.Select((_, day) => Demonstration.Start.AddDays(day)).ToArray(), prices, prices, prices, prices);

    private static EquityCurve Curve(Market market, params double[] values) => new(market.Times, values);

    /// <summary>The cells of the row that starts with a name, as a reader sees them.</summary>
    private static string[] Row(string html, string name)
    {
        var rows = html.Split("<tr").Where(row => Cells(row) is [var first, ..] && first == name).ToArray();
        Assert.HasCount(1, rows, name);
        return Cells(rows[0])[1..];

        static string[] Cells(string row) =>
            [.. Cell().Matches(row).Select(match => WebUtility.HtmlDecode(Tag().Replace(match.Groups["text"].Value, string.Empty)))];
    }

    [GeneratedRegex("<h2>(?<text>.*?)</h2>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("<td[^>]*>(?<text>.*?)</td>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}
