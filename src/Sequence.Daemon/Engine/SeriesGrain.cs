using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Sequence.Daemon.Events;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Engine;

/// <summary>
/// One series in memory. Its state is always the one that a replay of the store's latest view gives: an observation after
/// the last event time is one step, a late or corrected one replays from the last snapshot before it.
/// </summary>
internal sealed partial class SeriesGrain(
    IObservationStore store,
    ModelShelf models,
    VersionsOfSeries versions,
    SeriesReplay replay,
    SnapshotKeeper snapshots,
    IdleMemory memory,
    ForecastFeed feed,
    ForecastSchedule schedule,
    WatchService watching,
    ILogger<SeriesGrain> log)
    : Grain, ISeriesGrain
{
    // Null until it is asked for, and again when the store may hold more than the state has seen.
    private KnownState? _known;

    // Of the last state there was.
    private SeriesWatch _watch = null!;

    // Of the last forecast.
    private Task _recorded = Task.CompletedTask;

    // Busy only with a worker process; then the state to go on with, if any.
    private Task _issuing = Task.CompletedTask;
    private SeriesState? _toIssue;

    // Null for a series of a baseline or of a checkpoint that never changes.
    private SeriesVersions? _versions;

    public async Task<AppendReceipt> AppendAsync(Immutable<Measurement[]> batch)
    {
        var known = await KnownAsync();
        RequireGrid(known.State, batch.Value);

        // Whatever happens from here on: only a completed append leaves a state that is known to be that of the store.
        _known = null;
        var appended = await store.AppendAsync(this.GetPrimaryKeyString(), batch.Value);
        var errors = _versions?.Errors();
        var follows = known.TryFollow(batch.Value, appended, errors);
        _versions?.Follow(batch.Value, appended, known.State.ModelVersion, errors);
        string hash;
        if (follows)
        {
            _known = known;
            hash = known.State.Hash();
            snapshots.Offer(known);
            if (appended.KnownAt != appended.KnownBefore)
            {
                _watch.Follow(batch.Value, appended.Outcomes);
                Plan(known.State, hash);
            }
        }
        else
        {
            known = await KnownAsync();
            hash = known.State.Hash();
        }

        _ = watching.FollowAsync(_watch, known.State);
        return new AppendReceipt(Count(AppendOutcome.Added), Count(AppendOutcome.Revised), Count(AppendOutcome.Duplicate), hash);

        int Count(AppendOutcome outcome) => appended.Outcomes.Count(one => one == outcome);
    }

    public async Task<CurrentForecast> ForecastAsync(int? horizon, double[]? levels)
    {
        var state = (await KnownAsync()).State;
        try
        {
            var wanted = levels ?? state.Definition.Levels;
            RequireLevels(state, horizon ?? state.Definition.Horizon, wanted);
            var hash = state.Hash();
            var forecast = await state.ForecastAsync(horizon ?? state.Definition.Horizon, wanted, Effective(state, wanted));
            return new CurrentForecast(
                state.ModelVersion,
                hash,
                forecast.Origin,
                forecast.Timestamps,
                forecast.Mean,
                [.. forecast.Intervals.Select(one => new ForecastInterval(one.Level, one.Lower, one.Upper))]);
        }
        catch (SequenceException error) when (error is not DaemonException)
        {
            throw new DaemonException(DaemonFault.Conflict, error.Message, error);
        }
    }

    public async Task IssueAsync(DateTimeOffset? knownBefore)
    {
        var known = await KnownAsync();
        if (known.KnownAt >= knownBefore)
        {
            schedule.Add(known.State.Definition);
            return;
        }

        // Having come back for it, it may have been planned once more.
        schedule.Remove(this.GetPrimaryKeyString());
        Issue(known.State, known.State.Hash());
    }

    public async Task<SeriesStatus> StatusAsync()
    {
        var state = (await KnownAsync()).State;
        return new SeriesStatus(state.ModelVersion, state.Hash(), state.LastEventTime, state.Refused, state.LastRefusal);
    }

    public async Task<WatchReport> WatchAsync()
    {
        var state = (await KnownAsync()).State;
        return await watching.ReportAsync(_watch, state);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        memory.Enter();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                _known is null ? Task.CompletedTask : snapshots.SaveAsync(_known),
                _versions?.SaveAsync() ?? Task.CompletedTask,
                watching.SaveAsync(_watch, this.GetPrimaryKeyString()));
        }
        finally
        {
            // Until then it is in memory: where many leave together, saving them takes a while.
            memory.Leave();
        }
    }

    /// <summary>Months have ends of their own, so only other event times are held to the grid.</summary>
    private static void RequireGrid(SeriesState state, Measurement[] batch)
    {
        var frequency = state.Definition.Frequency;
        if (batch.Length == 0 || frequency.Unit is FrequencyUnit.Month or FrequencyUnit.Quarter or FrequencyUnit.Year)
        {
            return;
        }

        var reference = state.LastEventTime ?? batch[0].EventTime;
        for (var index = 0; index < batch.Length; index++)
        {
            var time = batch[index].EventTime;

            // Business days are counted one by one, so a far reference would cost; which day it is says enough.
            var near = frequency.Unit == FrequencyUnit.BusinessDay ? new DateTimeOffset(time.Date, time.Offset) + reference.TimeOfDay : reference;
            if (frequency.RowsBetween(near, time) is null)
            {
                throw new DaemonException(
                    DaemonFault.Invalid,
                    $"Observation {index} is of {time:O}, which is no whole number of steps of {frequency} from {reference:O}. Nothing " +
                    "of this batch was stored.");
            }
        }
    }

    private async Task<KnownState> KnownAsync()
    {
        if (_known is not null)
        {
            if (_versions?.Move(_known) is { } moved && moved != _known)
            {
                // Should the store not answer, the next request restores it all.
                _known = null;
                await RestoreWatchAsync(moved.State);
                _known = moved;
                Plan(moved.State, moved.State.Hash());
            }

            return _known;
        }

        var id = this.GetPrimaryKeyString();
        if (await store.FindAsync(id) is not { } definition)
        {
            DeactivateOnIdle();
            throw DaemonException.NoSeries(id);
        }

        SeriesState state;
        var isAwake = _versions is not null;
        try
        {
            _versions ??= await versions.PrepareAsync(definition);
            state = _versions is null ? models.Start(definition) : await _versions.StartAsync();
        }
        catch (SequenceException error) when (error is not DaemonException)
        {
            throw new DaemonException(
                DaemonFault.Unavailable, $"The model of series '{id}' cannot be used: {error.Message}", error);
        }

        var known = await replay.RestoreAsync(state);
        if (_versions is not null && !isAwake)
        {
            known = await _versions.WakeAsync(known);
        }

        await RestoreWatchAsync(known.State);

        // The process may have ended between the last append and the storing of its forecast.
        Plan(known.State, known.State.Hash());
        return _known = known;
    }

    /// <summary>The watch of a model's version goes on from its last forecast stored.</summary>
    private async Task RestoreWatchAsync(SeriesState state)
    {
        await _recorded;
        _watch = await watching.RestoreAsync(state);
    }

    /// <summary>Has the forecast of a changed state issued: now, or when its schedule comes round.</summary>
    private void Plan(SeriesState state, string hash)
    {
        if (state.Definition.ForecastEvery > TimeSpan.Zero)
        {
            schedule.Add(state.Definition);
        }
        else
        {
            Issue(state, hash);
        }
    }

    /// <summary>Without a schedule the next append brings the next forecast.</summary>
    private void PlanAgain(SeriesState state)
    {
        if (state.Definition.ForecastEvery > TimeSpan.Zero)
        {
            schedule.AddAgain(state.Definition);
        }
    }

    /// <summary>
    /// Computes the forecast and hands it to the store without waiting for the disk: it can be made again from the
    /// observations, which are what an acknowledgement promises. While a worker process is busy with one of this series, the
    /// newest state waits and those before it are passed over.
    /// </summary>
    private void Issue(SeriesState state, string hash)
    {
        if (!_issuing.IsCompleted)
        {
            _toIssue = state;
            return;
        }

        _issuing = IssueAllAsync(state, hash);
    }

    private async Task IssueAllAsync(SeriesState state, string hash)
    {
        await IssueAsync(state, hash);
        while (_toIssue is { } next)
        {
            _toIssue = null;
            await IssueAsync(next, next.Hash());
        }
    }

    private async Task IssueAsync(SeriesState state, string hash)
    {
        var origin = state.LastEventTime;
        Forecast forecast;
        try
        {
            forecast = await state.ForecastAsync(state.Definition.Horizon, state.Definition.Levels, _watch.EffectiveLevels);
        }
        catch (SequenceException error)
        {
            // No forecast yet, or a worker is down; who asks for one is told why.
            if (error is DaemonException { Fault: DaemonFault.Unavailable })
            {
                PlanAgain(state);
            }

            return;
        }

        if (_toIssue is null && state.LastEventTime == origin)
        {
            var effective = _watch.Issue(forecast, state.WidestLevel(forecast.Horizon));
            _recorded = RecordAsync(state, new IssuedForecast(state.ModelVersion, hash, forecast, effective));
        }
    }

    /// <summary>A calibration would answer its widest interval for any level above.</summary>
    private static void RequireLevels(SeriesState state, int horizon, double[] levels)
    {
        if (levels.Except(state.Definition.Levels).DefaultIfEmpty().Max() is var highest && highest > state.WidestLevel(horizon))
        {
            throw new DaemonException(
                DaemonFault.Conflict,
                $"Intervals of series '{state.Definition.Id}' {horizon} steps ahead reach {state.WidestLevel(horizon):0.##} %, not {highest:R} %; ask for a lower level.");
        }
    }

    /// <summary>Levels that are not those of the series were never watched, and are made as promised.</summary>
    private double[] Effective(SeriesState state, double[] levels)
    {
        var watched = _watch.EffectiveLevels;
        return Array.ConvertAll(levels, level => Array.IndexOf(state.Definition.Levels, level) is >= 0 and var place ? watched[place] : level);
    }

    private async Task RecordAsync(SeriesState state, IssuedForecast forecast)
    {
        try
        {
            // One that is made again, after a restart, was told when it was new.
            if (await store.RecordAsync(forecast))
            {
                feed.Publish(forecast);
            }
        }
        catch (DaemonException error)
        {
            LogNotRecorded(forecast.Forecast.SeriesId, error.Message);
            PlanAgain(state);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A forecast of series {Series} was not stored: {Reason}")]
    private partial void LogNotRecorded(string series, string reason);
}
