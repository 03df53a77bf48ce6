using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Hosting;

namespace Sequence.Daemon.Workers;

/// <summary>
/// The checkpoints of the folder models that worker processes compute, each read and its worker started when a series first names it.
/// Thread-safe.
/// </summary>
internal sealed class WorkerShelf(DaemonOptions options, TimeProvider clock, ILogger<WorkerShelf> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<WorkerModel>> _models = new(StringComparer.Ordinal);

    /// <summary>The model of a checkpoint.</summary>
    /// <exception cref="SequenceException">It is missing or broken.</exception>
    public WorkerModel Model(string name)
    {
        var model = _models.GetOrAdd(name, _ => new Lazy<WorkerModel>(() => Open(name)));
        try
        {
            return model.Value;
        }
        catch (SequenceException)
        {
            // It may be put right without a restart.
            _models.TryRemove(new KeyValuePair<string, Lazy<WorkerModel>>(name, model));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var model in _models.Values.Where(one => one.IsValueCreated))
        {
            await model.Value.DisposeAsync();
        }
    }

    private WorkerModel Open(string name)
    {
        var directory = Path.GetFullPath(Path.Combine(options.DataDir, "models", name));
        string[] program = [.. OwnProgram.Or(options.Workers.Program), "daemon", "worker", "--checkpoint", directory];
        return WorkerModel.Open(directory, version => new ModelWorker(name, version, program, options.Workers, clock, log));
    }
}
