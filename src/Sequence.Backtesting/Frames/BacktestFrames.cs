using Deedle;

namespace Sequence.Backtesting;

/// <summary>Results as Deedle frames. Where there is nothing, a cell is missing.</summary>
public static class BacktestFrames
{
    /// <summary>
    /// Equity by UTC time of the bar: the columns equity (cash) and drawdown (a fraction of at most 0).
    /// </summary>
    /// <param name="result">The run.</param>
    public static Frame<DateTime, string> Equity(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var curve = result.Equity;
        var times = curve.Times.ToArray().Select(time => time.UtcDateTime).ToArray();
        var frame = Frame.CreateEmpty<DateTime, string>();
        frame.AddColumn("equity", new Series<DateTime, double>(times, curve.Values.ToArray()));
        frame.AddColumn("drawdown", new Series<DateTime, double>(times, DrawdownStatistics.Series(curve.Values.Span)));
        return frame;
    }

    /// <summary>
    /// Trades by their number from 0, closed ones in the order they were closed and then those open at the end: the columns of trades.csv
    /// (<see cref="BacktestFiles"/>), times as UTC <see cref="DateTime"/>.
    /// </summary>
    /// <param name="result">The run.</param>
    public static Frame<int, string> Trades(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ClosedTrade[] trades = [.. result.Trades, .. result.OpenTrades];
        var frame = Frame.CreateEmpty<int, string>();
        Add("asset", trade => trade.Asset);
        frame.AddColumn("state", Column([.. trades.Select((_, row) => row < result.Trades.Count ? "closed" : "open")]));
        Add("size", trade => trade.Size);
        Add("entry_bar", trade => trade.EntryBar);
        Add("exit_bar", trade => trade.ExitBar);
        Add("entry_time", trade => trade.EntryTime.UtcDateTime);
        Add("exit_time", trade => trade.ExitTime.UtcDateTime);
        Add("entry_price", trade => trade.EntryPrice);
        Add("exit_price", trade => trade.ExitPrice);
        Add("stop_loss", trade => trade.StopLoss ?? double.NaN);
        Add("take_profit", trade => trade.TakeProfit ?? double.NaN);
        Add("commission", trade => trade.Commission);
        Add("profit_loss", trade => trade.ProfitLoss);
        Add("return", trade => trade.Return);
        Add("tag", trade => trade.Tag);
        return frame;

        void Add<T>(string name, Func<ClosedTrade, T> value) => frame.AddColumn(name, Column(Array.ConvertAll(trades, trade => value(trade))));

        static Series<int, T> Column<T>(T[] values) => new(Enumerable.Range(0, values.Length), values);
    }
}
