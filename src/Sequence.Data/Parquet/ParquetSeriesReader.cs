using Parquet;

namespace Sequence.Data.Parquet;

/// <summary>
/// Reads series from a Parquet file, with the same columns and policies as from text. Nulls and NaN are missing values;
/// timestamps without a zone are UTC. Faults name the row (counted from 1) where a text file would name the line.
/// </summary>
public static class ParquetSeriesReader
{
    private static readonly TimeSpan LongestFooterRead = TimeSpan.FromSeconds(10);

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
        return SeriesAssembler.Assemble(await ReadTableAsync(path, options, cancellationToken), options);
    }

    private static async Task<SeriesTable> ReadTableAsync(
        string path, SeriesReaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadColumnsAsync(path, options, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException("There is no such file.", path, innerException: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFormatException($"The file cannot be read: {exception.Message}", path, innerException: exception);
        }
        catch (Exception exception) when (exception is not (SequenceException or OperationCanceledException))
        {
            // A damaged file makes the decoder fail in any way at all: wrong sizes, unknown codes, broken compression.
            throw new DataFormatException(
                $"The file is not a Parquet file or is damaged ({exception.Message}). Write it again.",
                path,
                innerException: exception);
        }
    }

    private static async Task<SeriesTable> ReadColumnsAsync(
        string path, SeriesReaderOptions options, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length == 0)
        {
            throw new DataFormatException("The file is empty.", path);
        }

        // The library can spin without end in a damaged footer, which takes no time at all to read when it is whole.
        await using var reader = await Task
            .Run(() => ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken), cancellationToken)
            .WaitAsync(LongestFooterRead, cancellationToken);
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
