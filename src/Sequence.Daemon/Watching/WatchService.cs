using Microsoft.Extensions.Logging;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Watching;

/// <summary>
/// What the watches of all series need of the store. A watch is kept there as one document of the kind "watch" a series, so that one
/// that is restored at every append says the same as one that never left memory. Thread-safe; a watch is not, and stays with its series.
/// </summary>
internal sealed partial class WatchService(
    IObservationStore store, IDocumentStore documents, DriftLog drift, WatchOptions options, TimeProvider clock, ILogger<WatchService> log)
{
    private const string Kind = "watch";
    private const int FirstPage = 16;

    // Of a reading of forecasts, with the outcomes of every step.
    private const int MostForecasts = 2_000;
    private const int MostSteps = 100_000;
    private const int MostRows = 10_000;

    /// <summary>The watch of a series whose state was just made, from what there is in the store.</summary>
    public Task<SeriesWatch> RestoreAsync(SeriesState state) => RestoreAsync(state.Definition, state.ModelVersion, state.LastEventTime);

    /// <summary>The watch of a series, from what there is in the store.</summary>
    /// <param name="definition">The series.</param>
    /// <param name="modelVersion">The version of its model.</param>
    /// <param name="lastEventTime">Event time of its last observation.</param>
    public async Task<SeriesWatch> RestoreAsync(SeriesDefinition definition, string modelVersion, DateTimeOffset? lastEventTime)
    {
        var document = await documents.FindAsync(Kind, definition.Id);
        var kept = document is null ? null : SeriesWatch.Read(document.Body, definition, modelVersion, options, clock, lastEventTime);
        var records = kept is null ? null : await SinceAsync(kept, definition);
        var watch = records is null ? new SeriesWatch(definition, modelVersion, options, clock) : kept!;
        records ??= await store.ReadForecastsAsync(definition.Id, null, options.Window);

        // No more rows than make it due to compare inputs and to be stored.
        var limit = Math.Min(Math.Max(options.InputsEvery, options.Window), MostRows);
        var rows = await store.ReadAsync(definition.Id, new ObservationQuery { After = watch.LastEventTime, Limit = limit });
        watch.Revision = document?.Revision ?? 0;
        watch.CatchUp(records, await drift.OfAsync(definition.Id), lastEventTime, rows.Count);
        return watch;
    }

    /// <summary>Stores a watch that leaves memory. What a failure leaves out is read again from the forecasts.</summary>
    /// <param name="watch">The watch; null when there is none yet.</param>
    /// <param name="series">Its series.</param>
    public async Task SaveAsync(SeriesWatch? watch, string series)
    {
        if (watch is null)
        {
            return;
        }

        try
        {
            // A finding that is not stored is made again only from before it.
            await StoreFindingsAsync(watch, series);
            await StoreAsync(watch, series);
        }
        catch (DaemonException error)
        {
            LogNotSaved(series, error.Message);
        }
    }

    /// <summary>
    /// Does what observations taken may have made due: compares inputs and stores findings. To be called after an append; who appends
    /// need not wait for it.
    /// </summary>
    public async Task FollowAsync(SeriesWatch watch, SeriesState state)
    {
        if (watch.IsFollowed)
        {
            return;
        }

        watch.IsFollowed = true;
        try
        {
            // Appends that come meanwhile leave what they make due to this one.
            do
            {
                await FollowOnceAsync(watch, state);
            }
            while (watch.InputsAreDue());
        }
        catch (DaemonException error)
        {
            LogNotWatched(state.Definition.Id, error.Message);
        }
        finally
        {
            watch.IsFollowed = false;
        }
    }

    /// <summary>Everything that is known of a series.</summary>
    /// <exception cref="DaemonException">The store cannot be read.</exception>
    public async Task<WatchReport> ReportAsync(SeriesWatch watch, SeriesState state)
    {
        var newest = await NewestAsync(state);
        var inputs = await InputsAsync(state, newest);
        return watch.Report([.. newest.Select(row => row.Value)], inputs);
    }

    private async Task FollowOnceAsync(SeriesWatch watch, SeriesState state)
    {
        var compares = watch.InputsAreDue();
        if (compares)
        {
            watch.BeginInputs();
            if (await InputsAsync(state, await NewestAsync(state)) is { } inputs)
            {
                watch.TakeInputs(inputs);
            }
        }

        await StoreFindingsAsync(watch, state.Definition.Id);

        // When inputs were compared has to outlive this memory, or a series that leaves it often would compare them never or always.
        if (compares || watch.SaveIsDue())
        {
            await StoreAsync(watch, state.Definition.Id);
        }
    }

    private Task<IReadOnlyList<Observation>> NewestAsync(SeriesState state) => store.ReadNewestAsync(state.Definition.Id, options.Window);

    private Task<InputReport?> InputsAsync(SeriesState state, IReadOnlyList<Observation> newest) =>
        InputDrift.CompareAsync(store, state.Definition, newest, state.Reading, options.ReferenceRows);

    /// <summary>
    /// The forecasts that a watch waits for and those since it was written, newest first; null when that is too long ago to go on from.
    /// </summary>
    private async Task<IReadOnlyList<ForecastRecord>?> SinceAsync(SeriesWatch watch, SeriesDefinition definition)
    {
        var most = Math.Max(options.Window, Math.Min(MostForecasts, MostSteps / definition.Horizon));
        var newest = watch.NewestOrigin ?? DateTimeOffset.MinValue;
        var oldest = watch.Expected.Where(one => one.Number is null).Select(one => one.Origin).Append(newest).Min();
        List<ForecastRecord> records = [];
        for (var limit = FirstPage; ; limit *= 2)
        {
            limit = Math.Min(limit, most - records.Count);
            var page = await store.ReadForecastsAsync(definition.Id, records.Count == 0 ? null : records[^1].Number, limit);
            records.AddRange(page);
            if (page.Count < limit || page[^1].Issued.Forecast.Origin < oldest)
            {
                break;
            }

            if (records.Count == most)
            {
                if (page[^1].Issued.Forecast.Origin > newest)
                {
                    return null;
                }

                break;
            }
        }

        foreach (var (_, number) in watch.Expected)
        {
            if (number is { } known && !records.Exists(one => one.Number == known))
            {
                records.AddRange(await store.ReadForecastsAsync(definition.Id, known + 1, 1));
            }
        }

        return records;
    }

    private async Task StoreFindingsAsync(SeriesWatch watch, string series)
    {
        while (watch.Found.TakeChanges() is var (all, added))
        {
            try
            {
                await drift.WriteAsync(series, all, added);
            }
            catch (DaemonException)
            {
                watch.Found.PutBack(added);
                throw;
            }

            foreach (var finding in added)
            {
                LogFound(finding.Series, finding.Kind, finding.Value, finding.Threshold, finding.At);
            }
        }
    }

    private async Task StoreAsync(SeriesWatch watch, string series)
    {
        if (watch.TakeToSave() is not { } body)
        {
            return;
        }

        try
        {
            // Whoever else stores one meanwhile stores one as true; only the last is kept.
            watch.Revision = await documents.ReplaceAsync(Kind, series, watch.Revision, body);
        }
        catch (DaemonException)
        {
            watch.SaveFailed();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Series {Series} has drifted: {Kind}, {Value} past {Threshold}, at {At}")]
    private partial void LogFound(string series, DriftKind kind, double value, double threshold, DateTimeOffset at);

    [LoggerMessage(LogLevel.Warning, "The watch of series {Series} was not stored, so that it goes on from its last forecasts: {Reason}")]
    private partial void LogNotSaved(string series, string reason);

    [LoggerMessage(LogLevel.Warning, "Series {Series} could not be watched: {Reason}")]
    private partial void LogNotWatched(string series, string reason);
}
