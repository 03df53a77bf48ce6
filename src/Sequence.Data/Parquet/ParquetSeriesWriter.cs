using Parquet;
using Parquet.Schema;

namespace Sequence.Data.Parquet;

/// <summary>Writes series as a Parquet file in the <see cref="LongFormat"/>. Missing values are nulls.</summary>
public static class ParquetSeriesWriter
{
    /// <summary>Writes a panel. The file appears whole or not at all.</summary>
    /// <exception cref="ConfigurationException">The covariates of the series do not fit into one table.</exception>
    /// <exception cref="DataFormatException">A timestamp is finer than a microsecond.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, Panel panel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(panel);
        var table = LongTable.From(panel);
        if (table.Timestamps.FindIndex(timestamp => timestamp.Ticks % TimeSpan.TicksPerMicrosecond != 0) is >= 0 and var row)
        {
            throw new DataFormatException(
                $"Timestamp {table.Timestamps[row]:O} of series '{table.Ids[row]}' is finer than a microsecond, which is what " +
                "the file can hold.");
        }

        var id = new DataField<string>(LongFormat.Id, nullable: false);
        var timestamp = new DateTimeDataField(
            LongFormat.Timestamp, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: false);
        DataField[] columns = [.. table.Names.Select(name => new DataField<double>(name, nullable: true))];
        await AtomicFile.WriteAsync(path, async stream =>
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema([id, timestamp, .. columns]), stream, cancellationToken: cancellationToken);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, table.Ids);
            DateTime[] times = [.. table.Timestamps.Select(time => time.UtcDateTime)];
            await group.WriteAsync<DateTime>(timestamp, times, cancellationToken: cancellationToken);
            for (var column = 0; column < columns.Length; column++)
            {
                double?[] cells = [.. table.Columns[column].Select(value => double.IsNaN(value) ? (double?)null : value)];
                await group.WriteAsync<double>(columns[column], cells, cancellationToken: cancellationToken);
            }
        });
    }
}
