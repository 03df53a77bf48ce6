using Parquet;

namespace Sequence.Data.Parquet;

/// <summary>
/// Reads series from a Parquet file, with the same columns and policies as from text. Nulls and NaN are missing values;
/// timestamps without a zone are UTC. Faults name the row (counted from 1) where a text file would name the line.
/// </summary>
public static class ParquetSeriesReader
{
    /// <summary>Reads every series of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and policies; null takes the defaults.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="DataFormatException">The file is missing, damaged or not what the options say it is.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other.</exception>
    public static async Task<Panel> ReadAsync(
        string path, SeriesReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new SeriesReaderOptions();
        options.Validate();
        var table = await ParquetFile.ReadAsync(
            path, reader => ReadColumnsAsync(reader, path, options, cancellationToken), cancellationToken);
        return SeriesAssembler.Assemble(table, options);
    }

    private static async Task<SeriesTable> ReadColumnsAsync(
        ParquetReader reader, string path, SeriesReaderOptions options, CancellationToken cancellationToken)
    {
        var fields = reader.Schema.DataFields;
        var plan = ColumnPlan.Resolve([.. fields.Select(field => field.Name)], options, path, line: null);
        var table = new SeriesTable(path, "row", plan);
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var before = table.Timestamps.Count;
            var cells = new ParquetCells(group, table, before);
            table.Timestamps.AddRange(await cells.ReadTimestampsAsync(fields[plan.Timestamp], cancellationToken));
            var rows = table.Timestamps.Count - before;
            table.Numbers.AddRange(Enumerable.Range(before + 1, rows).Select(number => (long)number));
            table.Ids.AddRange(plan.Id is { } id
                ? await cells.ReadIdsAsync(fields[id], cancellationToken)
                : Enumerable.Repeat(plan.Names[0], rows));
            for (var column = 0; column < plan.Values.Count; column++)
            {
                var field = plan.Values[column];
                table.Columns[column].AddRange(await cells.ReadNumbersAsync(fields[field], field, cancellationToken));
            }
        }

        return table;
    }
}
