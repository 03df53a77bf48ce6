using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// A run as files for other programs. Each file is there whole or not at all; one that is there already is replaced.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><term>summary.json</term><description>
/// schema (1), strategy, warm_up_bar, summary (every property of <see cref="PerformanceSummary"/>), ledger (every property of
/// <see cref="Ledger"/>), rows (of the tables), events (their number by kind) and settings, all in snake case except the names of settings. Undefined
/// is null, an infinite number the text "Infinity" or "-Infinity", a time ISO 8601 in UTC, a duration ISO 8601 as P3DT4H.
/// </description></item>
/// <item><term>equity</term><description>time, equity (cash), drawdown (a fraction of at most 0): a row a bar.</description></item>
/// <item><term>trades</term><description>
/// asset, state (closed or open; those open at the end come last), size, entry_bar, exit_bar, entry_time, exit_time, entry_price, exit_price,
/// stop_loss, take_profit, commission, profit_loss, return, tag, as in <see cref="ClosedTrade"/>.
/// </description></item>
/// <item><term>fills</term><description>asset, bar, time, size, price, commission, decision_bar, tag, as in <see cref="Fill"/>.</description></item>
/// </list>
/// The tables are there as .csv (UTF-8, comma, header, quotes only where needed, empty where there is nothing, numbers that read back the
/// same, times ISO 8601 in UTC) and as .parquet (one row group; double, int32, UTF-8 and UTC timestamps of microseconds, null where there is
/// nothing). What is finer than a microsecond is cut off in Parquet only.
/// </remarks>
public static class BacktestFiles
{
    /// <summary>Name of the summary.</summary>
    public const string Summary = "summary.json";

    /// <summary>Name of the table of equity, without its extension.</summary>
    public const string Equity = "equity";

    /// <summary>Name of the table of trades, without its extension.</summary>
    public const string Trades = "trades";

    /// <summary>Name of the table of fills, without its extension.</summary>
    public const string Fills = "fills";

    /// <summary>Writes all files of a run into a folder, which is made if need be; the summary comes last.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="result">The run.</param>
    /// <param name="summary">Its statistics.</param>
    /// <param name="settings">What it was run with, as from <see cref="BacktestSettings.Describe"/>; null for none.</param>
    /// <param name="cancellationToken">Stops between rows; the file at hand is left as it was.</param>
    /// <exception cref="SequenceException">A file cannot be written.</exception>
    public static async Task WriteAsync(
        string folder,
        BacktestResult result,
        PerformanceSummary summary,
        IReadOnlyDictionary<string, string>? settings = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(summary);
        (string Name, ResultTable Table)[] tables =
        [
            (Equity, ResultTable.Equity(result)), (Trades, ResultTable.Trades(result)), (Fills, ResultTable.Fills(result)),
        ];
        foreach (var (name, table) in tables)
        {
            await table.WriteCsvAsync(Path.Combine(folder, name + ".csv"), cancellationToken);
            await table.WriteParquetAsync(Path.Combine(folder, name + ".parquet"), cancellationToken);
        }

        await AtomicFile.WriteAsync(
            Path.Combine(folder, Summary),
            stream => SummaryJson.WriteAsync(stream, result, summary, settings ?? new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken),
            createFolder: true);
    }
}
