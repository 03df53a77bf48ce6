using System.Collections.Concurrent;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Workers;

namespace Sequence.Daemon.Engine;

/// <summary>
/// The models that series may name: baselines; the checkpoints in the folder models of the data folder, each loaded once and
/// the same until the daemon ends, or computed by a worker process; and registered models, whose versions are published here when they are ready. Thread-safe.
/// </summary>
/// <param name="folder">Holds the checkpoints.</param>
/// <param name="workers">Starts worker processes; null where no series is computed by one.</param>
internal sealed class ModelShelf(string folder, WorkerShelf? workers = null)
{
    private const string CheckpointPrefix = "checkpoint:";
    private const string RegisteredPrefix = "model:";
    private const string WorkerPrefix = "worker:";

    private readonly ConcurrentDictionary<string, LoadedCheckpoint> _checkpoints = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, ServedModel> _served = new(StringComparer.Ordinal);

    /// <summary>The registered model that a series names; null when it names none.</summary>
    public static string? RegisteredName(string model) => After(RegisteredPrefix, model);

    /// <summary>The versions of a registered model that run on this node; null when there is none.</summary>
    public ServedModel? Served(string name) => _served.GetValueOrDefault(name);

    /// <summary>Lets series run on these versions from their next use on, unless newer ones are there.</summary>
    public void Publish(string name, ServedModel model) =>
        _served.AddOrUpdate(name, model, (_, old) => old.Revision > model.Revision ? old : model);

    /// <summary>Every registered version that runs.</summary>
    public HashSet<string> Serving() =>
        _served.Values.SelectMany(model => (LoadedCheckpoint?[])[model.Champion, model.Before, .. model.Others]).OfType<LoadedCheckpoint>().Select(one => one.Version).ToHashSet(StringComparer.Ordinal);

    /// <summary>Loads every checkpoint there is.</summary>
    /// <returns>What is wrong with those that cannot be loaded; the others serve all the same.</returns>
    public IReadOnlyList<string> LoadAll()
    {
        List<string> faults = [];
        foreach (var directory in Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal))
        {
            try
            {
                Checkpoint(Path.GetFileName(directory));
            }
            catch (SequenceException error)
            {
                faults.Add(error.Message);
            }
        }

        return faults;
    }

    /// <summary>Throws when a series cannot have the model, the horizon or the levels it asks for.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate(SeriesDefinition definition)
    {
        List<string> faults = [];
        try
        {
            Start(definition);
            if ((Worker(definition)?.FaultFor(definition) ?? Checkpoint(definition)?.FaultFor(definition)) is { } fault)
            {
                faults.Add(fault);
            }
        }
        catch (SequenceException error)
        {
            faults.Add(error.Message);
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>A state before the first observation.</summary>
    /// <exception cref="SequenceException">There is no such model, or it cannot be loaded or run along this series.</exception>
    public SeriesState Start(SeriesDefinition definition) =>
        Worker(definition) is { } worker ? new WorkerState(definition, worker)
        : Checkpoint(definition) is { } checkpoint ? new CheckpointState(definition, checkpoint)
        : new BaselineState(definition);

    private static string? After(string prefix, string model) =>
        model.StartsWith(prefix, StringComparison.Ordinal) ? model[prefix.Length..] : null;

    /// <summary>What a series runs on; null for a baseline.</summary>
    private LoadedCheckpoint? Checkpoint(SeriesDefinition definition) =>
        After(CheckpointPrefix, definition.Model) is { } name ? Checkpoint(name)
        : RegisteredName(definition.Model) is not { } registered ? null
        : Served(registered)?.Champion ?? throw new ConfigurationException(
            $"There is no model '{registered}' with a champion that runs here: PUT /models/{registered}/versions registers a version, and " +
            $"PUT /models/{registered}/aliases/champion lets it serve.");

    private WorkerModel? Worker(SeriesDefinition definition) =>
        After(WorkerPrefix, definition.Model) is not { } name ? null
        : SeriesName.IsValid(name) ? workers?.Model(name)
        : throw NoName(name);

    private LoadedCheckpoint Checkpoint(string name) => SeriesName.IsValid(name)
        ? _checkpoints.GetOrAdd(name, _ => LoadedCheckpoint.Open(Path.Combine(folder, name)))
        : throw NoName(name);

    private static ConfigurationException NoName(string name) => new($"'{name}' is no name of a checkpoint. Give {SeriesName.Rule}.");
}
