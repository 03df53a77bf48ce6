using System.Text;
using Parquet;
using Parquet.Schema;
using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>A table of results: columns of one length, written as comma-separated values and as Parquet.</summary>
internal sealed class ResultTable(params ResultColumn[] columns)
{
    public static ResultTable Equity(BacktestResult result)
    {
        var curve = result.Equity;
        return new ResultTable(
            ResultColumn.Times("time", curve.Times.ToArray()),
            ResultColumn.Numbers("equity", curve.Values.ToArray()),
            ResultColumn.Numbers("drawdown", DrawdownStatistics.Series(curve.Values.Span)));
    }

    public static ResultTable Trades(BacktestResult result)
    {
        ClosedTrade[] trades = [.. result.Trades, .. result.OpenTrades];
        return new ResultTable(
            ResultColumn.Texts("asset", trades.Select(trade => trade.Asset)),
            ResultColumn.Texts("state", trades.Select((_, row) => row < result.Trades.Count ? "closed" : "open")),
            ResultColumn.Numbers("size", trades.Select(trade => trade.Size)),
            ResultColumn.Integers("entry_bar", trades.Select(trade => trade.EntryBar)),
            ResultColumn.Integers("exit_bar", trades.Select(trade => trade.ExitBar)),
            ResultColumn.Times("entry_time", trades.Select(trade => trade.EntryTime)),
            ResultColumn.Times("exit_time", trades.Select(trade => trade.ExitTime)),
            ResultColumn.Numbers("entry_price", trades.Select(trade => trade.EntryPrice)),
            ResultColumn.Numbers("exit_price", trades.Select(trade => trade.ExitPrice)),
            ResultColumn.Optional("stop_loss", trades.Select(trade => trade.StopLoss)),
            ResultColumn.Optional("take_profit", trades.Select(trade => trade.TakeProfit)),
            ResultColumn.Numbers("commission", trades.Select(trade => trade.Commission)),
            ResultColumn.Numbers("profit_loss", trades.Select(trade => trade.ProfitLoss)),
            ResultColumn.Numbers("return", trades.Select(trade => trade.Return)),
            ResultColumn.Texts("tag", trades.Select(trade => trade.Tag)));
    }

    public static ResultTable Fills(BacktestResult result)
    {
        var fills = result.Fills;
        return new ResultTable(
            ResultColumn.Texts("asset", fills.Select(fill => fill.Asset)),
            ResultColumn.Integers("bar", fills.Select(fill => fill.Bar)),
            ResultColumn.Times("time", fills.Select(fill => fill.Time)),
            ResultColumn.Numbers("size", fills.Select(fill => fill.Size)),
            ResultColumn.Numbers("price", fills.Select(fill => fill.Price)),
            ResultColumn.Numbers("commission", fills.Select(fill => fill.Commission)),
            ResultColumn.Integers("decision_bar", fills.Select(fill => fill.DecisionBar)),
            ResultColumn.Texts("tag", fills.Select(fill => fill.Tag)));
    }

    public async Task WriteCsvAsync(string path, CancellationToken cancellationToken) => await AtomicFile.WriteAsync(
        path,
        stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
            writer.Write(string.Join(',', columns.Select(column => column.Name)));
            writer.Write('\n');
            for (var row = 0; row < columns[0].Length; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var column = 0; column < columns.Length; column++)
                {
                    if (column > 0)
                    {
                        writer.Write(',');
                    }

                    columns[column].Write(writer, row);
                }

                writer.Write('\n');
            }

            return Task.CompletedTask;
        },
        createFolder: true);

    public async Task WriteParquetAsync(string path, CancellationToken cancellationToken) => await AtomicFile.WriteAsync(
        path,
        async stream =>
        {
            var schema = new ParquetSchema(columns.Select(column => column.Field).ToArray());
            await using var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: cancellationToken);
            using var group = writer.CreateRowGroup();
            foreach (var column in columns)
            {
                await column.WriteAsync(group, cancellationToken);
            }
        },
        createFolder: true);
}
