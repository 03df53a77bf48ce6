using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>
/// Reads observations of one series from CSV: a header of time and value and optionally sequence, and a row an observation. A
/// time without an offset is UTC.
/// </summary>
internal static class ObservationCsv
{
    public const string MediaType = "text/csv";

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="DaemonException">A line is no observation; says which.</exception>
    public static async Task<Measurement[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        CsvColumns? columns = null;
        List<Measurement> batch = [];
        await foreach (var line in CsvLines.ReadAsync(body, cancellationToken))
        {
            if (columns is null)
            {
                columns = CsvColumns.Of(line, out var fault) ?? throw Invalid(line, fault);
                if (columns.HasId)
                {
                    throw Invalid(line, "the address names the series, so the rows cannot; leave the column of ids out");
                }
            }
            else if (columns.Read(line, out _, out var one) is { } fault)
            {
                throw Invalid(line, fault);
            }
            else if (batch.Count == ObservationReader.LongestBatch)
            {
                throw new DaemonException(
                    DaemonFault.Invalid, $"The batch has more than {ObservationReader.LongestBatch} observations; send it in pieces. Nothing was stored.");
            }
            else
            {
                batch.Add(one);
            }
        }

        return batch.Count > 0 ? [.. batch] : throw new DaemonException(DaemonFault.Invalid, "The batch holds no observation. Nothing was stored.");
    }

    private static DaemonException Invalid(CsvLine line, string fault) =>
        new(DaemonFault.Invalid, $"Line {line.Number} of the CSV cannot be taken: {fault}. Nothing was stored.");
}
