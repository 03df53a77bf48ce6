using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sequence.Daemon.Engine;

namespace Sequence.Daemon.Telemetry;

/// <summary>
/// What the daemon tells of its work. No instrument has the id of a series as a label: there may be a million of them, and
/// who may read the metrics need not know their names. Spans carry it.
/// </summary>
internal sealed class DaemonMetrics : IDisposable
{
    public const string Name = "Sequence.Daemon";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly ActivitySource Spans = new(Name);

    private readonly TimeProvider _clock;
    private readonly Meter _meter;
    private readonly Counter<long> _observations;
    private readonly Counter<long> _appends;
    private readonly Histogram<double> _append;
    private readonly Histogram<double> _forecast;
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _group;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _replayed;

    public DaemonMetrics(IMeterFactory meters, IdleMemory memory, TimeProvider clock)
    {
        _clock = clock;
        _meter = meters.Create(Name);
        _observations = _meter.CreateCounter<long>(
            "sequence.daemon.observations", "{observation}", "Observations acknowledged, by what became of them.");
        _appends = _meter.CreateCounter<long>("sequence.daemon.appends", "{append}", "Batches, by how they were answered.");
        _append = Histogram("sequence.daemon.append.duration", "From a batch that was read to its acknowledgement.");
        _forecast = Histogram("sequence.daemon.forecast.duration", "Forecasts that were asked for.");
        _commit = Histogram("sequence.daemon.store.commit.duration", "Commits of the store, with their sync to disk.");
        _group = _meter.CreateHistogram(
            "sequence.daemon.store.commit.writes", "{write}", "Writes that shared a commit.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
        _faults = _meter.CreateCounter<long>("sequence.daemon.store.faults", "{commit}", "Commits that failed; nothing of them was stored.");
        _replayed = _meter.CreateCounter<long>(
            "sequence.daemon.replay.rows", "{observation}", "Observations read from the store to make states.");
        _meter.CreateObservableGauge("sequence.daemon.series.active", () => memory.Active, "{series}", "Series whose state is in memory.");
    }

    /// <summary>Does an append, and tells of it.</summary>
    public async Task<AppendReceipt> AppendAsync(string series, Func<Task<AppendReceipt>> append)
    {
        using var span = Spans.StartActivity("append")?.SetTag("sequence.series", series);
        var began = _clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            var receipt = await append();
            outcome = "stored";
            _observations.Add(receipt.Added, new KeyValuePair<string, object?>("outcome", "added"));
            _observations.Add(receipt.Revised, new KeyValuePair<string, object?>("outcome", "revised"));
            _observations.Add(receipt.Duplicates, new KeyValuePair<string, object?>("outcome", "duplicate"));
            return receipt;
        }
        catch (DaemonException refusal)
        {
            outcome = Outcome(refusal.Fault);
            throw;
        }
        finally
        {
            span?.SetTag("sequence.outcome", outcome);
            _appends.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
            _append.Record(_clock.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>Makes a forecast, and tells of it.</summary>
    public async Task<CurrentForecast> ForecastAsync(string series, Func<Task<CurrentForecast>> forecast)
    {
        using var span = Spans.StartActivity("forecast")?.SetTag("sequence.series", series);
        var began = _clock.GetTimestamp();
        try
        {
            return await forecast();
        }
        finally
        {
            _forecast.Record(_clock.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>A commit that holds so many writes.</summary>
    public void Committed(int writes, TimeSpan time)
    {
        _commit.Record(time.TotalSeconds);
        _group.Record(writes);
    }

    /// <summary>Observations that were read to make a state.</summary>
    public void Replayed(int rows) => _replayed.Add(rows);

    /// <summary>A commit that failed.</summary>
    public void CommitFailed() => _faults.Add(1);

    public void Dispose() => _meter.Dispose();

    private static string Outcome(DaemonFault fault) => fault switch
    {
        DaemonFault.Invalid => "invalid",
        DaemonFault.NotFound => "not-found",
        DaemonFault.Conflict => "conflict",
        _ => "unavailable",
    };

    private Histogram<double> Histogram(string name, string description) => _meter.CreateHistogram(
        name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}
