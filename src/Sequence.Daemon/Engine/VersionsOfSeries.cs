using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>Gives a series of a registered model the versions it runs on.</summary>
internal sealed class VersionsOfSeries(
    ModelRegistry registry,
    ModelShelf shelf,
    SeriesReplay replay,
    SnapshotKeeper snapshots,
    IObservationStore store,
    ScoreBoard board,
    RegistryOptions options,
    TimeProvider clock)
{
    /// <summary>The versions of a series; null when it is of no registered model.</summary>
    public async Task<SeriesVersions?> PrepareAsync(SeriesDefinition definition)
    {
        if (ModelShelf.RegisteredName(definition.Model) is not { } model)
        {
            return null;
        }

        await registry.PrepareAsync(definition.Model);
        return new SeriesVersions(definition, model, shelf, replay, snapshots, store, board, options, clock);
    }
}
