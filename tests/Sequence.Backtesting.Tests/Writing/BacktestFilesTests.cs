using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Sequence.Backtesting.Tests.Writing;

[TestClass]
public sealed class BacktestFilesTests
{
    private string _folder = string.Empty;

    [TestInitialize]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("sequence-files-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Trades_AsText_ReadBackExactly()
    {
        var result = await WriteAsync(SmallRun.Result);
        var rows = ReadCsv("trades.csv");
        Assert.HasCount(2, result.Trades);
        Assert.HasCount(1, result.OpenTrades);
        Assert.AreEqual(
            "asset,state,size,entry_bar,exit_bar,entry_time,exit_time,entry_price,exit_price,stop_loss,take_profit,commission,profit_loss,return,tag",
            string.Join(',', rows[0]));
        Assert.HasCount(4, rows);
        ClosedTrade[] trades = [.. result.Trades, .. result.OpenTrades];
        for (var row = 0; row < trades.Length; row++)
        {
            var (cells, trade) = (rows[row + 1], trades[row]);
            Assert.AreEqual(SmallRun.Asset, cells[0]);
            Assert.AreEqual(row < 2 ? "closed" : "open", cells[1]);
            double[] expected = [trade.Size, trade.EntryBar, trade.ExitBar];
            CollectionAssert.AreEqual(expected, cells[2..5].Select(Number).ToArray());
            Assert.AreEqual(trade.EntryTime, DateTimeOffset.Parse(cells[5], CultureInfo.InvariantCulture));
            Assert.AreEqual(trade.ExitTime, DateTimeOffset.Parse(cells[6], CultureInfo.InvariantCulture));
            double[] prices = [trade.EntryPrice, trade.ExitPrice, trade.StopLoss ?? double.NaN, trade.TakeProfit ?? double.NaN];
            CollectionAssert.AreEqual(prices, cells[7..11].Select(Number).ToArray());
            double[] outcome = [trade.Commission, trade.ProfitLoss, trade.Return];
            CollectionAssert.AreEqual(outcome, cells[11..14].Select(Number).ToArray());
            Assert.AreEqual(trade.Tag ?? string.Empty, cells[14]);
        }
    }

    [TestMethod]
    public async Task Trades_AsParquet_ReadBackExactly()
    {
        var result = await WriteAsync(SmallRun.Result);
        ClosedTrade[] trades = [.. result.Trades, .. result.OpenTrades];
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_folder, "trades.parquet"));
        using var group = reader.OpenRowGroupReader(0);
        CollectionAssert.AreEqual(trades.Select(trade => trade.Asset).ToArray(), await Texts(reader, group, "asset"));
        CollectionAssert.AreEqual(trades.Select(trade => trade.Tag).ToArray(), await Texts(reader, group, "tag"));
        CollectionAssert.AreEqual(trades.Select(trade => (double?)trade.ProfitLoss).ToArray(), await Numbers(reader, group, "profit_loss"));
        CollectionAssert.AreEqual(trades.Select(trade => trade.StopLoss).ToArray(), await Numbers(reader, group, "stop_loss"));
        CollectionAssert.AreEqual(trades.Select(trade => trade.EntryTime.UtcDateTime).ToArray(), await Times(reader, group, "entry_time"));
    }

    [TestMethod]
    public async Task EquityAndFills_InBothFormats_ReadBackExactly()
    {
        var result = await WriteAsync(SmallRun.Result);
        var equity = ReadCsv("equity.csv");
        CollectionAssert.AreEqual(result.Equity.Values.ToArray(), equity.Skip(1).Select(row => Number(row[1])).ToArray());
        CollectionAssert.AreEqual(
            DrawdownStatistics.Series(result.Equity.Values.Span), equity.Skip(1).Select(row => Number(row[2])).ToArray());
        var fills = ReadCsv("fills.csv");
        Assert.AreEqual("asset,bar,time,size,price,commission,decision_bar,tag", string.Join(',', fills[0]));
        CollectionAssert.AreEqual(result.Fills.Select(fill => fill.Price).ToArray(), fills.Skip(1).Select(row => Number(row[4])).ToArray());
        await using var curves = await ParquetReader.CreateAsync(Path.Combine(_folder, "equity.parquet"));
        using var curve = curves.OpenRowGroupReader(0);
        CollectionAssert.AreEqual(
            result.Equity.Values.ToArray().Select(value => (double?)value).ToArray(), await Numbers(curves, curve, "equity"));
        CollectionAssert.AreEqual(
            result.Equity.Times.ToArray().Select(time => time.UtcDateTime).ToArray(), await Times(curves, curve, "time"));
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_folder, "fills.parquet"));
        using var group = reader.OpenRowGroupReader(0);
        CollectionAssert.AreEqual(result.Fills.Select(fill => (double?)fill.Commission).ToArray(), await Numbers(reader, group, "commission"));
    }

    [TestMethod]
    public async Task Summary_OfARun_HoldsItsNumbersAndSettings()
    {
        var result = await WriteAsync(SmallRun.Result);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, BacktestFiles.Summary)));
        var root = document.RootElement;
        var summary = PerformanceSummary.Of(result.Equity, result.Trades);
        Assert.AreEqual(1, root.GetProperty("schema").GetInt32());
        Assert.AreEqual("small", root.GetProperty("strategy").GetString());
        Assert.AreEqual(summary.Sharpe, root.GetProperty("summary").GetProperty("sharpe").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, root.GetProperty("summary").GetProperty("alpha").ValueKind);
        Assert.AreEqual("2024-01-29T12:30:15Z", root.GetProperty("summary").GetProperty("start").GetString());
        Assert.AreEqual(
            summary.MaxDrawdownDuration, System.Xml.XmlConvert.ToTimeSpan(root.GetProperty("summary").GetProperty("max_drawdown_duration").GetString()!));
        Assert.AreEqual(result.Ledger.Spread, root.GetProperty("ledger").GetProperty("spread").GetDouble());
        Assert.AreEqual(2, root.GetProperty("rows").GetProperty("trades").GetInt32());
        Assert.AreEqual(1, root.GetProperty("events").GetProperty("open_at_end").GetInt32());
        Assert.AreEqual("0.002", root.GetProperty("settings").GetProperty("spread").GetString());
        Assert.AreEqual("MeanOverStd", root.GetProperty("settings").GetProperty("Sharpe convention").GetString());
    }

    [TestMethod]
    public async Task Summary_WithUndefinedAndInfiniteNumbers_TellsThemApart()
    {
        var result = SmallRun.WithoutTrades;
        var summary = PerformanceSummary.Of(result.Equity, result.Trades) with { Omega = double.PositiveInfinity, Kelly = double.NegativeInfinity };
        await BacktestFiles.WriteAsync(_folder, result, summary);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, BacktestFiles.Summary)));
        var written = document.RootElement.GetProperty("summary");
        Assert.AreEqual(JsonValueKind.Null, written.GetProperty("win_rate").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, written.GetProperty("max_drawdown_duration").ValueKind);
        Assert.AreEqual("Infinity", written.GetProperty("omega").GetString());
        Assert.AreEqual("-Infinity", written.GetProperty("kelly").GetString());
    }

    [TestMethod]
    public async Task Tables_WithoutTrades_HaveTheirHeadersOnly()
    {
        await WriteAsync(SmallRun.WithoutTrades);
        Assert.HasCount(1, ReadCsv("trades.csv"));
        Assert.HasCount(1, ReadCsv("fills.csv"));
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_folder, "trades.parquet"));
        using var group = reader.OpenRowGroupReader(0);
        Assert.AreEqual(0, group.RowCount);
        Assert.HasCount(15, reader.Schema.DataFields);
    }

    [TestMethod]
    public async Task Write_OverAnEarlierRun_ReplacesItAndLeavesNothingElse()
    {
        await WriteAsync(SmallRun.Result);
        await WriteAsync(SmallRun.WithoutTrades);
        Assert.HasCount(1, ReadCsv("trades.csv"));
        string[] expected = ["equity.csv", "equity.parquet", "fills.csv", "fills.parquet", "summary.json", "trades.csv", "trades.parquet"];
        CollectionAssert.AreEqual(
            expected, Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public async Task Write_CancelledBefore_KeepsWhatWasThere()
    {
        await WriteAsync(SmallRun.Result);
        var before = await File.ReadAllTextAsync(Path.Combine(_folder, "equity.csv"));
        var result = SmallRun.WithoutTrades;
        await Assert.ThrowsAsync<OperationCanceledException>(() => BacktestFiles.WriteAsync(
            _folder, result, PerformanceSummary.Of(result.Equity, result.Trades), cancellationToken: new CancellationToken(canceled: true)));
        Assert.AreEqual(before, await File.ReadAllTextAsync(Path.Combine(_folder, "equity.csv")));
        Assert.HasCount(7, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public async Task Write_IntoAFile_SaysWhichCannotBeWritten()
    {
        var file = Path.Combine(_folder, "taken");
        await File.WriteAllTextAsync(file, "x");
        var result = SmallRun.Result;
        var error = await Assert.ThrowsExactlyAsync<SequenceException>(() => BacktestFiles.WriteAsync(
            file, result, PerformanceSummary.Of(result.Equity, result.Trades)));
        StringAssert.Contains(error.Message, "equity.csv");
    }

    private async Task<BacktestResult> WriteAsync(BacktestResult result)
    {
        await BacktestFiles.WriteAsync(
            _folder,
            result,
            PerformanceSummary.Of(result.Equity, result.Trades),
            BacktestSettings.Describe(SmallRun.Options, new PerformanceOptions()));
        return result;
    }

    private static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>A reader of RFC 4180, written apart from the writer.</summary>
    private List<string[]> ReadCsv(string name)
    {
        var text = File.ReadAllText(Path.Combine(_folder, name));
        var (rows, row, cell, quoted) = (new List<string[]>(), new List<string>(), new System.Text.StringBuilder(), false);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (quoted && letter == '"' && index + 1 < text.Length && text[index + 1] == '"')
            {
                cell.Append(text[++index]);
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && letter is ',' or '\n' && !quoted)
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                cell.Append(letter);
            }
        }

        Assert.IsEmpty(row, "The file ends with a whole line.");
        return rows;
    }

    private static DataField Field(ParquetReader reader, string name) => reader.Schema.DataFields.Single(field => field.Name == name);

    private static async Task<double?[]> Numbers(ParquetReader reader, ParquetRowGroupReader group, string name)
    {
        var cells = new double?[group.RowCount];
        await group.ReadAsync<double>(Field(reader, name), cells.AsMemory());
        return cells;
    }

    private static async Task<DateTime[]> Times(ParquetReader reader, ParquetRowGroupReader group, string name)
    {
        var cells = new DateTime[group.RowCount];
        await group.ReadAsync<DateTime>(Field(reader, name), cells.AsMemory());
        return cells;
    }

    private static async Task<string?[]> Texts(ParquetReader reader, ParquetRowGroupReader group, string name)
    {
        var cells = new string?[group.RowCount];
        await group.ReadAsync(Field(reader, name), cells.AsMemory());
        return cells;
    }
}
