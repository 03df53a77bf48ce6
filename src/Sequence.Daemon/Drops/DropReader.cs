using Orleans.Concurrency;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Http;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Drops;

/// <summary>
/// Takes one CSV file in: its rows in batches, and of a batch that is refused every row that can be taken. Taking a file in twice
/// stores nothing twice, so it may be interrupted anywhere.
/// </summary>
internal sealed class DropReader(IGrainFactory grains, IObservationStore store, DaemonMetrics metrics)
{
    private const int RowsAtOnce = 10_000;
    private const int SeriesAtOnce = 16;

    /// <summary>Appends the rows.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">Its name, which names the series where the rows do not.</param>
    /// <param name="rejected">Told what cannot be stored.</param>
    /// <param name="cancellationToken">Stops it between two batches.</param>
    /// <returns>Rows that are in the store now, those that were there before included.</returns>
    /// <exception cref="DaemonException">
    /// The store does not work at the moment, or some of the series cannot take in rows, such as those whose model cannot be used;
    /// then the rows of all others are stored.
    /// </exception>
    public async Task<long> ReadAsync(Stream content, string name, RejectedRows rejected, CancellationToken cancellationToken)
    {
        CsvColumns? columns = null;
        var nameOfFile = Path.GetFileNameWithoutExtension(name);
        Dictionary<string, List<Row>> waiting = new(StringComparer.Ordinal);
        Dictionary<string, string> unavailable = new(StringComparer.Ordinal);
        var count = 0;
        var taken = 0L;
        await foreach (var line in CsvLines.ReadAsync(content, cancellationToken))
        {
            if (columns is null)
            {
                columns = CsvColumns.Of(line, out var fault);
                if (columns is null)
                {
                    await rejected.AddAsync(line.Number, $"{fault}; nothing of this file was stored", line.Text);
                    return 0;
                }

                continue;
            }

            var reason = columns.Read(line, out var id, out var measurement);
            id ??= nameOfFile;
            reason ??= SeriesName.IsValid(id) ? null : $"the id of a series is {SeriesName.Rule}";
            if (reason is not null)
            {
                await rejected.AddAsync(line.Number, reason, line.Text);
                continue;
            }

            if (unavailable.ContainsKey(id))
            {
                continue;
            }

            if (!waiting.TryGetValue(id, out var rows))
            {
                waiting[id] = rows = [];
            }

            rows.Add(new Row(line.Number, line.Text, measurement));
            if (++count == RowsAtOnce)
            {
                taken += await AppendAsync(waiting, unavailable, rejected, cancellationToken);
                waiting.Clear();
                count = 0;
            }
        }

        if (columns is null)
        {
            await rejected.AddAsync(1, "the file is empty", string.Empty);
        }

        taken += await AppendAsync(waiting, unavailable, rejected, cancellationToken);
        return unavailable.Count == 0 ? taken : throw new DaemonException(
            DaemonFault.Unavailable,
            $"{unavailable.Count} of its series cannot take in rows at the moment, the others have theirs: {unavailable.First().Value}");
    }

    private async Task<long> AppendAsync(
        Dictionary<string, List<Row>> waiting, Dictionary<string, string> unavailable, RejectedRows rejected, CancellationToken cancellationToken)
    {
        var refused = new List<(Row Row, string Reason)>[waiting.Count];
        var reasons = new string?[waiting.Count];
        await Parallel.ForEachAsync(
            waiting.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = SeriesAtOnce, CancellationToken = cancellationToken },
            async (one, stop) =>
            {
                var (place, (id, rows)) = one;
                refused[place] = [];
                try
                {
                    await AppendAsync(id, rows, refused[place], stop);
                }
                catch (DaemonException error) when (error.Fault == DaemonFault.Unavailable)
                {
                    reasons[place] = error.Message;
                }
            });
        foreach (var (row, reason) in refused.SelectMany(one => one).OrderBy(one => one.Row.Line))
        {
            await rejected.AddAsync(row.Line, reason, row.Text);
        }

        foreach (var (id, reason) in waiting.Keys.Zip(reasons).Where(one => one.Second is not null))
        {
            unavailable[id] = reason!;
        }

        // Without the store no other series would fare better.
        if (reasons.Any(reason => reason is not null))
        {
            await store.ProbeAsync(cancellationToken);
        }

        return waiting.Values.Sum(rows => rows.Count) - refused.Sum(one => one.Count);
    }

    /// <summary>A batch is taken or refused as a whole, so one that is refused is halved until the rows to blame stand alone.</summary>
    private async Task AppendAsync(string id, List<Row> rows, List<(Row Row, string Reason)> refused, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var batch = rows.Select(row => row.Measurement).ToArray().AsImmutable();
            await metrics.AppendAsync(id, () => grains.GetGrain<ISeriesGrain>(id).AppendAsync(batch));
        }
        catch (DaemonException error) when (error.Fault == DaemonFault.NotFound || (error.Fault != DaemonFault.Unavailable && rows.Count == 1))
        {
            refused.AddRange(rows.Select(row => (row, error.Message)));
        }
        catch (DaemonException error) when (error.Fault != DaemonFault.Unavailable)
        {
            var half = rows.Count / 2;
            await AppendAsync(id, rows[..half], refused, cancellationToken);
            await AppendAsync(id, rows[half..], refused, cancellationToken);
        }
    }

    private sealed record Row(long Line, string Text, Measurement Measurement);
}
