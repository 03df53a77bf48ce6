using Microsoft.Extensions.Logging;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Watching;

/// <summary>What the watches of all series need of the store. Thread-safe; a watch is not, and stays with its series.</summary>
internal sealed partial class WatchService(
    IObservationStore store, DriftLog drift, WatchOptions options, TimeProvider clock, ILogger<WatchService> log)
{
    /// <summary>The watch of a series whose state was just made, from the forecasts there are in the store.</summary>
    public async Task<SeriesWatch> RestoreAsync(SeriesState state) => SeriesWatch.Restore(
        state.Definition,
        state.ModelVersion,
        options,
        clock,
        await store.ReadForecastsAsync(state.Definition.Id, null, options.Window),
        await drift.OfAsync(state.Definition.Id),
        state.LastEventTime);

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
            if (watch.InputsAreDue())
            {
                watch.BeginInputs();
                if (await InputsAsync(state, await NewestAsync(state)) is { } inputs)
                {
                    watch.TakeInputs(inputs);
                }
            }

            while (watch.TakeChanges() is var (all, added))
            {
                await StoreAsync(watch, state.Definition.Id, all, added);
            }
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

    private Task<IReadOnlyList<Observation>> NewestAsync(SeriesState state) => store.ReadNewestAsync(state.Definition.Id, options.Window);

    private Task<InputReport?> InputsAsync(SeriesState state, IReadOnlyList<Observation> newest) =>
        InputDrift.CompareAsync(store, state.Definition, newest, state.Reading, options.ReferenceRows);

    private async Task StoreAsync(SeriesWatch watch, string series, DriftFinding[] all, DriftFinding[] added)
    {
        try
        {
            await drift.WriteAsync(series, all, added);
        }
        catch (DaemonException)
        {
            watch.PutBack(added);
            throw;
        }

        foreach (var finding in added)
        {
            LogFound(finding.Series, finding.Kind, finding.Value, finding.Threshold, finding.At);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Series {Series} has drifted: {Kind}, {Value} past {Threshold}, at {At}")]
    private partial void LogFound(string series, DriftKind kind, double value, double threshold, DateTimeOffset at);

    [LoggerMessage(LogLevel.Warning, "Series {Series} could not be watched: {Reason}")]
    private partial void LogNotWatched(string series, string reason);
}
