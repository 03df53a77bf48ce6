using System.Collections.Concurrent;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// The models that series may name: baselines, and the checkpoints in the folder models of the data folder. A checkpoint is
/// loaded once and stays the same until the daemon ends. Thread-safe.
/// </summary>
internal sealed class ModelShelf(string folder)
{
    private const string CheckpointPrefix = "checkpoint:";

    private readonly ConcurrentDictionary<string, LoadedCheckpoint> _checkpoints = new(StringComparer.Ordinal);

    /// <summary>Loads every checkpoint there is.</summary>
    /// <returns>What is wrong with those that cannot be loaded; the others serve all the same.</returns>
    public IReadOnlyList<string> LoadAll()
    {
        List<string> faults = [];
        foreach (var directory in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
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
            if (CheckpointName(definition.Model) is { } name)
            {
                var checkpoint = Checkpoint(name);
                if (definition.Horizon > checkpoint.Horizon)
                {
                    faults.Add($"The horizon is {definition.Horizon}; model '{definition.Model}' forecasts {checkpoint.Horizon} steps.");
                }

                if (!string.Equals(checkpoint.Frequency, definition.Frequency.ToString(), StringComparison.Ordinal))
                {
                    faults.Add($"The frequency is {definition.Frequency}; model '{definition.Model}' was trained on {checkpoint.Frequency}.");
                }
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
    public SeriesState Start(SeriesDefinition definition) => CheckpointName(definition.Model) is { } name
        ? new CheckpointState(definition, Checkpoint(name))
        : new BaselineState(definition);

    private static string? CheckpointName(string model) =>
        model.StartsWith(CheckpointPrefix, StringComparison.Ordinal) ? model[CheckpointPrefix.Length..] : null;

    private LoadedCheckpoint Checkpoint(string name) => SeriesName.IsValid(name)
        ? _checkpoints.GetOrAdd(name, _ => LoadedCheckpoint.Open(Path.Combine(folder, name)))
        : throw new ConfigurationException($"'{name}' is no name of a checkpoint. Give {SeriesName.Rule}.");
}
