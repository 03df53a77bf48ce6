using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Data.Csv;

namespace Sequence.Daemon.Jobs;

/// <summary>Writes series of the store, by their latest view, as the file a job works on.</summary>
internal sealed class SeriesExport(IObservationStore store)
{
    private const int Page = 10_000;
    private const int MostSeries = 1000;

    /// <summary>The spacing of the series.</summary>
    /// <exception cref="DaemonException">One is missing, or they differ in it.</exception>
    public async Task<Frequency> RequireAsync(IReadOnlyList<string> series, CancellationToken cancellationToken)
    {
        if (series.Count is 0 or > MostSeries || series.Distinct(StringComparer.Ordinal).Count() != series.Count)
        {
            throw new DaemonException(DaemonFault.Invalid, $"There are {series.Count} series; give 1 to {MostSeries}, each once.");
        }

        Frequency? frequency = null;
        foreach (var id in series)
        {
            var definition = SeriesName.IsValid(id) ? await store.FindAsync(id, cancellationToken) : null;
            if (definition is null)
            {
                throw new DaemonException(DaemonFault.NotFound, $"There is no series '{id[..Math.Min(128, id.Length)]}'.");
            }

            if (frequency is not null && frequency != definition.Frequency)
            {
                throw new DaemonException(
                    DaemonFault.Invalid, $"Series '{id}' has the frequency {definition.Frequency}, and '{series[0]}' {frequency}; give series of one frequency.");
            }

            frequency = definition.Frequency;
        }

        return frequency!;
    }

    /// <summary>Writes the file.</summary>
    /// <returns>The arguments that say where it is and what is in it.</returns>
    public async Task<string[]> WriteAsync(string path, IReadOnlyList<string> series, CancellationToken cancellationToken)
    {
        var frequency = await RequireAsync(series, cancellationToken);
        List<TimeSeries> all = [];
        foreach (var id in series)
        {
            List<DateTimeOffset> times = [];
            List<double> values = [];
            IReadOnlyList<Observation> page;
            do
            {
                page = await store.ReadAsync(id, new ObservationQuery { After = times.Count == 0 ? null : times[^1], Limit = Page }, cancellationToken);
                times.AddRange(page.Select(row => row.EventTime));
                values.AddRange(page.Select(row => row.Value));
            }
            while (page.Count == Page);

            all.Add(new TimeSeries(id, frequency, times.ToArray(), values.ToArray()));
        }

        await CsvSeriesWriter.WriteAsync(path, new Panel(all));
        return
        [
            $"--data={path}", $"--id={LongFormat.Id}", $"--timestamp={LongFormat.Timestamp}", $"--target={LongFormat.Value}", $"--frequency={frequency}",
        ];
    }
}
