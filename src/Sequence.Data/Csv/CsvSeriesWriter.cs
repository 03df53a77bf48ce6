using System.IO.Compression;
using CsvHelper;

namespace Sequence.Data.Csv;

/// <summary>Writes series as delimited text in the <see cref="LongFormat"/>; numbers round-trip exactly.</summary>
public static class CsvSeriesWriter
{
    /// <summary>
    /// Writes a panel, compressed with gzip when the name ends in ".gz". The file appears whole or not at all.
    /// </summary>
    /// <exception cref="ConfigurationException">The covariates of the series do not fit into one table.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, Panel panel)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(panel);
        var table = LongTable.From(panel);
        await AtomicFile.WriteAsync(path, async stream =>
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                await using var compressed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                Write(compressed, table);
            }
            else
            {
                Write(stream, table);
            }
        });
    }

    private static void Write(Stream stream, LongTable table)
    {
        using var writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteHeader([LongFormat.Id, LongFormat.Timestamp, .. table.Names]);
        for (var row = 0; row < table.Ids.Count; row++)
        {
            writer.WriteField(table.Ids[row]);
            writer.WriteField(table.Timestamps[row].UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK");
            foreach (var column in table.Columns)
            {
                if (double.IsNaN(column[row]))
                {
                    writer.WriteField(string.Empty);
                }
                else
                {
                    writer.WriteField(column[row]);
                }
            }

            writer.EndRecord();
        }
    }
}
