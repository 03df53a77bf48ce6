using Parquet;
using Parquet.Schema;
using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// Trials of a sweep as a Parquet file: trial, a column for each parameter, then the results in snake case. What is NaN is null.
/// </summary>
internal static class SweepParquet
{
    public static readonly string[] ResultColumns =
    [
        "trial", "final_equity", "total_return", "sharpe", "returns", "skewness", "kurtosis", "maximum_drawdown", "trades", "fault",
    ];

    public static Task WriteAsync(string path, IReadOnlyList<SweepTrial> trials)
    {
        var names = trials[0].Parameters.Names;
        var index = new DataField<int>("trial", nullable: false);
        var parameters = names.Select(name => new DataField<double>(name, nullable: false)).ToArray();
        (DataField<double> Field, Func<SweepTrial, double> Value)[] numbers =
        [
            (Number("final_equity"), trial => trial.FinalEquity),
            (Number("total_return"), trial => trial.TotalReturn),
            (Number("sharpe"), trial => trial.Sharpe),
            (Number("skewness"), trial => trial.Skewness),
            (Number("kurtosis"), trial => trial.Kurtosis),
            (Number("maximum_drawdown"), trial => trial.MaximumDrawdown),
        ];
        var returns = new DataField<int>("returns", nullable: false);
        var trades = new DataField<int>("trades", nullable: false);
        var fault = new DataField<string>("fault", nullable: true);
        return AtomicFile.WriteAsync(path, async stream =>
        {
            var schema = new ParquetSchema([index, .. parameters, .. numbers.Select(number => number.Field), returns, trades, fault]);
            await using var writer = await ParquetWriter.CreateAsync(schema, stream);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(index, trials.Select(trial => trial.Index).ToArray());
            for (var parameter = 0; parameter < parameters.Length; parameter++)
            {
                await group.WriteAsync<double>(parameters[parameter], trials.Select(trial => trial.Parameters.Values[parameter]).ToArray());
            }

            foreach (var (field, value) in numbers)
            {
                double?[] cells = [.. trials.Select(trial => double.IsNaN(value(trial)) ? (double?)null : value(trial))];
                await group.WriteAsync<double>(field, cells);
            }

            await group.WriteAsync<int>(returns, trials.Select(trial => trial.Returns).ToArray());
            await group.WriteAsync<int>(trades, trials.Select(trial => trial.Trades).ToArray());
            string?[] faults = [.. trials.Select(trial => trial.Fault)];
            await group.WriteAsync(fault, faults);
        });
    }

    /// <summary>Reads trials back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The parameters of the trials it must hold, in order.</param>
    /// <exception cref="DataFormatException">The file is damaged or holds other trials.</exception>
    public static async Task<SweepTrial[]> ReadAsync(string path, IReadOnlyList<ParameterSet> parameters)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            await using var reader = await ParquetReader.CreateAsync(stream);
            using var group = reader.OpenRowGroupReader(0);
            var fields = reader.Schema.DataFields.ToDictionary(field => field.Name, StringComparer.Ordinal);
            var rows = checked((int)group.RowCount);
            if (rows != parameters.Count)
            {
                throw new DataFormatException($"The file has {rows} trials instead of {parameters.Count}. Delete it to have them run again.", path);
            }

            var index = await Integers("trial");
            var equity = await Numbers("final_equity");
            var totalReturn = await Numbers("total_return");
            var sharpe = await Numbers("sharpe");
            var returns = await Integers("returns");
            var skewness = await Numbers("skewness");
            var kurtosis = await Numbers("kurtosis");
            var drawdown = await Numbers("maximum_drawdown");
            var trades = await Integers("trades");
            var faults = new string?[rows];
            await group.ReadAsync(fields["fault"], faults.AsMemory());
            return [.. Enumerable.Range(0, rows).Select(row => new SweepTrial(
                index[row], parameters[row], equity[row], totalReturn[row], sharpe[row], returns[row], skewness[row], kurtosis[row], drawdown[row],
                trades[row], faults[row]))];

            async Task<int[]> Integers(string name)
            {
                var cells = new int[rows];
                await group.ReadAsync<int>(fields[name], cells.AsMemory());
                return cells;
            }

            async Task<double[]> Numbers(string name)
            {
                var cells = new double?[rows];
                await group.ReadAsync<double>(fields[name], cells.AsMemory());
                return Array.ConvertAll(cells, cell => cell ?? double.NaN);
            }
        }
        catch (Exception exception) when (exception is not SequenceException)
        {
            // A damaged file makes the decoder fail in any way at all.
            throw new DataFormatException(
                $"The results of a sweep cannot be read ({exception.Message}). Delete the file to have its trials run again.", path, innerException: exception);
        }
    }

    private static DataField<double> Number(string name) => new(name, nullable: true);
}
