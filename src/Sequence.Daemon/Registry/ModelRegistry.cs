using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>
/// Models, their versions and aliases. A version is loaded, warmed and checked beside the one that serves, and only then does
/// the alias move. Thread-safe, and correct with several nodes on one store.
/// </summary>
internal sealed partial class ModelRegistry(
    ModelRecords records,
    VersionCache versions,
    ScoreBoard scores,
    ModelShelf shelf,
    IObservationStore series,
    RegistryOptions options,
    TimeProvider clock,
    ILogger<ModelRegistry> log)
{
    private const int SeriesPage = 1000;
    private const int Attempts = 10;

    private readonly ConcurrentDictionary<(string Model, string Hash), string> _faults = new();

    /// <summary>Why this node does not serve a version that an alias names; null when it does.</summary>
    public string? FaultOf(string name, string hash) => _faults.GetValueOrDefault((name, hash));

    /// <summary>A model as it is answered, with what the test says of challenger and shadow.</summary>
    /// <exception cref="DaemonException">There is none.</exception>
    public async Task<ModelView> DescribeAsync(string name, CancellationToken cancellationToken = default)
    {
        var record = await records.GetAsync(name, cancellationToken);
        var verdicts = new Dictionary<ModelAlias, PromotionVerdict>();
        foreach (var alias in (ModelAlias[])[ModelAlias.Challenger, ModelAlias.Shadow])
        {
            if (record[alias] is { } hash)
            {
                verdicts.Add(alias, await VerdictAsync(record, hash, cancellationToken: cancellationToken));
            }
        }

        return View(record) with { Scores = verdicts };
    }

    /// <summary>A model as it is answered, without scores.</summary>
    public ModelView View(ModelRecord record) => new(
        record.Name,
        record.Aliases,
        record.Before,
        [.. record.Versions.Select(version => View(record.Name, version))],
        null,
        record.Recipe,
        record.TrainedAt);

    /// <summary>A version as it is answered.</summary>
    public ModelVersionView View(string name, ModelVersion version) => new(
        version.Hash,
        version.AddedAt,
        version.Source,
        version.Bytes,
        version.SelfCheck.Values.Sum(outputs => outputs.Length),
        FaultOf(name, version.Hash));

    /// <summary>Registers a checkpoint as a version; once more changes nothing.</summary>
    /// <param name="name">The model; made when missing.</param>
    /// <param name="files">The checkpoint's files by name.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="makeRoom">Whether the oldest version that no alias names goes when there are too many.</param>
    /// <param name="cancellationToken">Stops the registering.</param>
    /// <exception cref="DaemonException">It is no checkpoint that can be served, or there are too many versions.</exception>
    public async Task<ModelVersion> AddAsync(
        string name, IReadOnlyDictionary<string, byte[]> files, string source, bool makeRoom = false, CancellationToken cancellationToken = default)
    {
        var checkpoint = await versions.AddAsync(files, cancellationToken);
        try
        {
            return await RegisterAsync(name, checkpoint, files, source, makeRoom, cancellationToken);
        }
        catch (Exception)
        {
            await ForgetRefusedAsync(name, checkpoint.Version);
            throw;
        }
    }

    /// <summary>Puts an alias on a version once it is ready to serve; the one before serves until then.</summary>
    /// <param name="name">The model.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="hash">The version.</param>
    /// <param name="condition">What must still hold of the model when the alias moves; null for nothing.</param>
    /// <param name="cancellationToken">Stops before the move.</param>
    /// <exception cref="DaemonException">
    /// There is no such version, it fails its self-check, a series of the model cannot run on it, or the condition does not hold.
    /// </exception>
    public async Task<ModelRecord> MoveAsync(
        string name, ModelAlias alias, string hash, Func<ModelRecord, bool>? condition = null, CancellationToken cancellationToken = default)
    {
        var version = Version(await records.GetAsync(name, cancellationToken), hash);
        await RequireServesAsync(name, version, cancellationToken);
        var record = await records.ChangeAsync(
            name,
            old => condition?.Invoke(old) == false
                ? throw new DaemonException(DaemonFault.Conflict, $"Model '{name}' was changed meanwhile; look at it again: GET /models/{name}.")
                : old.With(alias, Version(old, hash).Hash),
            cancellationToken: cancellationToken);
        await RefreshAsync(record, cancellationToken);
        return record;
    }

    /// <summary>Takes an alias away; not that of the champion.</summary>
    public async Task<ModelRecord> ClearAsync(string name, ModelAlias alias, CancellationToken cancellationToken = default)
    {
        if (alias == ModelAlias.Champion)
        {
            throw new DaemonException(DaemonFault.Conflict, "A model without a champion answers nothing; put that alias on another version instead.");
        }

        var record = await records.ChangeAsync(name, old => old.Without(alias), cancellationToken: cancellationToken);
        await RefreshAsync(record, cancellationToken);
        return record;
    }

    /// <summary>Makes the champion before the champion again.</summary>
    /// <exception cref="DaemonException">There was none, or it cannot serve.</exception>
    public async Task<ModelRecord> RollBackAsync(string name, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var record = await records.GetAsync(name, cancellationToken);
            var target = Target(record);
            await RequireServesAsync(name, Version(record, target), cancellationToken);
            var isOther = false;
            record = await records.ChangeAsync(
                name,
                old =>
                {
                    isOther = !string.Equals(Target(old), target, StringComparison.Ordinal);
                    return isOther ? old : old.With(ModelAlias.Champion, target) with { Before = old.Before[..^1] };
                },
                cancellationToken: cancellationToken);
            if (!isOther)
            {
                await RefreshAsync(record, cancellationToken);
                return record;
            }
        }

        throw new DaemonException(DaemonFault.Unavailable, $"Model '{name}' is being changed by others; send it again later.");

        string Target(ModelRecord record) => record.Before.Length > 0
            ? record.Before[^1]
            : throw new DaemonException(DaemonFault.Conflict, $"Model '{name}' had no champion before this one.");
    }

    /// <summary>Deletes a version that no alias names.</summary>
    /// <exception cref="DaemonException">There is none, or an alias names it.</exception>
    public async Task DeleteAsync(string name, string hash, CancellationToken cancellationToken = default)
    {
        await records.ChangeAsync(
            name,
            old => old.Aliases.FirstOrDefault(one => string.Equals(one.Value, Version(old, hash).Hash, StringComparison.Ordinal)) is { Value: not null } named
                ? throw new DaemonException(DaemonFault.Conflict, $"Version {hash} is the {named.Key} of model '{name}'; put that alias on another version first.")
                : Drop(old, hash),
            cancellationToken: cancellationToken);
        await ForgetAsync(name, hash, cancellationToken);
    }

    /// <summary>Tests the challenger against the champion and promotes it when it is better, or in any case when forced.</summary>
    /// <returns>What the test says; the model as it is then.</returns>
    /// <exception cref="DaemonException">There is no challenger, or it is not better.</exception>
    public async Task<PromotionVerdict> PromoteAsync(string name, bool force, CancellationToken cancellationToken = default)
    {
        var record = await records.GetAsync(name, cancellationToken);
        var challenger = record[ModelAlias.Challenger]
            ?? throw new DaemonException(DaemonFault.Conflict, $"Model '{name}' has no challenger: PUT /models/{name}/aliases/challenger.");
        var verdict = await VerdictAsync(record, challenger, after: null, cancellationToken);
        return force || verdict.IsBetter
            ? await PromoteAsync(name, record, challenger, verdict, cancellationToken)
            : throw new DaemonException(DaemonFault.Conflict, $"The challenger is not promoted: {verdict.Reason}");
    }

    /// <summary>Promotes challengers that are better where a whole window of event times was not yet looked at.</summary>
    public async Task PromoteAutomaticallyAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await records.ListAsync(cancellationToken))
        {
            try
            {
                await PromoteAutomaticallyAsync(record, cancellationToken);
            }
            catch (Exception error) when (error is SequenceException or IOException or UnauthorizedAccessException)
            {
                // What holds one model up is nothing to the others.
                LogNotPromoted(record.Name, error.Message);
            }
        }
    }

    /// <summary>What the test says of a version beside the champion.</summary>
    public async Task<PromotionVerdict> VerdictAsync(
        ModelRecord record, string hash, DateTimeOffset? after = null, CancellationToken cancellationToken = default) => PromotionRule.Test(
            await scores.ReadAsync(record.Name, hash, record[ModelAlias.Champion], cancellationToken), options.Promotion, after);

    /// <summary>Has a model's versions ready on this node, if there is such a model. Does nothing for other kinds of model.</summary>
    public async Task PrepareAsync(string model, CancellationToken cancellationToken = default)
    {
        if (ModelShelf.RegisteredName(model) is { } name && shelf.Served(name) is null
            && await records.FindAsync(name, cancellationToken) is { } record)
        {
            await RefreshAsync(record, cancellationToken);
        }
    }

    /// <summary>Has the versions that the aliases name ready on this node, and lets go of others.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var all = await records.ListAsync(cancellationToken);
        foreach (var record in all)
        {
            await RefreshAsync(record, cancellationToken);
        }

        versions.Trim(shelf.Serving(), all.SelectMany(record => record.Versions).Select(one => one.Hash).ToHashSet(StringComparer.Ordinal));
    }

    private static ModelVersion Version(ModelRecord record, string hash) => record.Find(hash) ?? throw new DaemonException(
        DaemonFault.NotFound, $"Model '{record.Name}' has no version '{hash}'; see GET /models/{record.Name}.");

    private static ModelRecord Drop(ModelRecord record, string hash)
    {
        // Without what came between them, one version may follow itself; going back to it would change nothing.
        List<string> before = [];
        foreach (var one in record.Before.Where(one => !string.Equals(one, hash, StringComparison.Ordinal)))
        {
            if (before.Count == 0 || !string.Equals(before[^1], one, StringComparison.Ordinal))
            {
                before.Add(one);
            }
        }

        if (before.Count > 0 && string.Equals(before[^1], record[ModelAlias.Champion], StringComparison.Ordinal))
        {
            before.RemoveAt(before.Count - 1);
        }

        return record with
        {
            Versions = [.. record.Versions.Where(one => !string.Equals(one.Hash, hash, StringComparison.Ordinal))],
            Before = [.. before],
        };
    }

    private static bool IsSamePair(ModelRecord one, ModelRecord other) =>
        string.Equals(one[ModelAlias.Champion], other[ModelAlias.Champion], StringComparison.Ordinal)
        && string.Equals(one[ModelAlias.Challenger], other[ModelAlias.Challenger], StringComparison.Ordinal);

    private async Task<PromotionVerdict> PromoteAsync(
        string name, ModelRecord tested, string challenger, PromotionVerdict verdict, CancellationToken cancellationToken)
    {
        await MoveAsync(name, ModelAlias.Champion, challenger, now => IsSamePair(now, tested), cancellationToken);
        return verdict;
    }

    private async Task PromoteAutomaticallyAsync(ModelRecord record, CancellationToken cancellationToken)
    {
        if (record[ModelAlias.Challenger] is not { } challenger || record[ModelAlias.Champion] is null)
        {
            return;
        }

        var verdict = await VerdictAsync(record, challenger, record.TestedThrough, cancellationToken);
        if (verdict.Times < options.Promotion.Window)
        {
            return;
        }

        // Before the move, which may fail: these times were looked at, and by this node.
        var isTestedHere = false;
        await records.ChangeAsync(
            record.Name,
            old =>
            {
                isTestedHere = IsSamePair(old, record) && old.TestedThrough == record.TestedThrough;
                return isTestedHere ? old with { TestedThrough = verdict.Last } : old;
            },
            cancellationToken: cancellationToken);
        if (isTestedHere && verdict.IsBetter)
        {
            await PromoteAsync(record.Name, record, challenger, verdict, cancellationToken);
            LogPromoted(record.Name, challenger, verdict.Reason);
        }
    }

    /// <summary>Registers a checkpoint whose archive is stored.</summary>
    private async Task<ModelVersion> RegisterAsync(
        string name,
        LoadedCheckpoint checkpoint,
        IReadOnlyDictionary<string, byte[]> files,
        string source,
        bool makeRoom,
        CancellationToken cancellationToken)
    {
        Dictionary<string, double[]> outputs;
        try
        {
            outputs = await Task.Run(() => SelfCheck.Compute(checkpoint), cancellationToken);
        }
        catch (SequenceException error)
        {
            throw new DaemonException(DaemonFault.Invalid, $"The checkpoint cannot be run: {error.Message} Nothing was registered.", error);
        }

        var version = new ModelVersion(checkpoint.Version, clock.GetUtcNow(), source, files.Values.Sum(file => file.LongLength), outputs);
        List<string> dropped = [];
        var record = await records.ChangeAsync(
            name,
            old =>
            {
                dropped.Clear();
                if (old.Find(version.Hash) is not null)
                {
                    return old;
                }

                if (old.Versions.Length >= options.MostVersions && makeRoom
                    && old.Versions.FirstOrDefault(one => !old.Aliases.Values.Contains(one.Hash, StringComparer.Ordinal)) is { } oldest)
                {
                    dropped.Add(oldest.Hash);
                    old = Drop(old, oldest.Hash);
                }

                return old.Versions.Length < options.MostVersions
                    ? old with { Versions = [.. old.Versions, version] }
                    : throw new DaemonException(
                        DaemonFault.Conflict, $"Model '{name}' has {old.Versions.Length} versions, the most it may have; delete one that no alias names first.");
            },
            create: true,
            cancellationToken);
        foreach (var hash in dropped)
        {
            await ForgetAsync(name, hash, cancellationToken);
        }

        // Whoever deleted the last other model with this version may have taken the archive along.
        await versions.EnsureAsync(version.Hash, files, cancellationToken);
        return record.Find(version.Hash) ?? version;
    }

    private async Task ForgetAsync(string name, string hash, CancellationToken cancellationToken)
    {
        await scores.DeleteAsync(name, hash, cancellationToken);
        await ForgetArchiveAsync(hash, cancellationToken);
    }

    /// <summary>Deletes the archive of a version that was not registered, be it that the request was given up.</summary>
    private async Task ForgetRefusedAsync(string name, string hash)
    {
        try
        {
            await ForgetArchiveAsync(hash, CancellationToken.None);
        }
        catch (DaemonException error)
        {
            LogNotForgotten(name, hash, error.Message);
        }
    }

    /// <summary>Deletes the archive of a version that no model has.</summary>
    private async Task ForgetArchiveAsync(string hash, CancellationToken cancellationToken)
    {
        if (!await IsNamedAsync(cancellationToken)
            && await versions.DeleteAsync(hash, cancellationToken) is { } archive && await IsNamedAsync(CancellationToken.None))
        {
            // Another found it there and registered it meanwhile; who registers it from here on finds it gone and stores it.
            await versions.EnsureAsync(hash, archive, CancellationToken.None);
        }

        async Task<bool> IsNamedAsync(CancellationToken stop) => (await records.ListAsync(stop)).Exists(record => record.Find(hash) is not null);
    }

    private async Task RequireServesAsync(string name, ModelVersion version, CancellationToken cancellationToken)
    {
        var checkpoint = await versions.LoadAsync(version, cancellationToken);
        string? after = null;
        IReadOnlyList<SeriesDefinition> page;
        do
        {
            page = await series.ListAsync(after, SeriesPage, cancellationToken);
            foreach (var one in page.Where(one => string.Equals(ModelShelf.RegisteredName(one.Model), name, StringComparison.Ordinal)))
            {
                if (checkpoint.FaultFor(one) is { } fault)
                {
                    throw new DaemonException(DaemonFault.Conflict, $"Series '{one.Id}' of model '{name}' cannot run on version {version.Hash}: {fault}");
                }
            }

            after = page.Count > 0 ? page[^1].Id : null;
        }
        while (page.Count == SeriesPage);
    }

    private async Task RefreshAsync(ModelRecord record, CancellationToken cancellationToken)
    {
        if (record[ModelAlias.Champion] is not { } hash)
        {
            return;
        }

        // A champion that this node cannot run leaves the one before in its place.
        var champion = await TryLoadAsync(record, hash, cancellationToken) ?? shelf.Served(record.Name)?.Champion;
        if (champion is null)
        {
            return;
        }

        List<LoadedCheckpoint> others = [];
        foreach (var alias in (ModelAlias[])[ModelAlias.Challenger, ModelAlias.Shadow])
        {
            if (record[alias] is { } other && !string.Equals(other, champion.Version, StringComparison.Ordinal)
                && await TryLoadAsync(record, other, cancellationToken) is { } loaded && !others.Contains(loaded))
            {
                others.Add(loaded);
            }
        }

        var before = record.Before.Length > 0 ? await TryLoadAsync(record, record.Before[^1], cancellationToken) : null;
        var now = new ServedModel(champion, [.. others], before, record.Revision);
        if (shelf.Served(record.Name) is not { } old || !old.IsSame(now))
        {
            shelf.Publish(record.Name, now);
        }
    }

    private async Task<LoadedCheckpoint?> TryLoadAsync(ModelRecord record, string hash, CancellationToken cancellationToken)
    {
        try
        {
            var loaded = await versions.LoadAsync(Version(record, hash), cancellationToken);
            _faults.TryRemove((record.Name, hash), out _);
            return loaded;
        }
        catch (DaemonException error)
        {
            if (!string.Equals(FaultOf(record.Name, hash), error.Message, StringComparison.Ordinal))
            {
                _faults[(record.Name, hash)] = error.Message;
                LogNotServed(record.Name, hash, error.Message);
            }

            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Model {Model} does not serve its version {Version} on this node: {Reason}")]
    private partial void LogNotServed(string model, string version, string reason);

    [LoggerMessage(LogLevel.Warning, "Model {Model} could not be tested or its challenger promoted: {Reason}")]
    private partial void LogNotPromoted(string model, string reason);

    [LoggerMessage(LogLevel.Warning, "The archive of version {Version}, which was refused as one of model {Model}, stays in the store: {Reason}")]
    private partial void LogNotForgotten(string model, string version, string reason);

    [LoggerMessage(LogLevel.Warning, "Model {Model} has the new champion {Version}: {Reason}")]
    private partial void LogPromoted(string model, string version, string reason);
}
