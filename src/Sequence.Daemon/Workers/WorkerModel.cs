using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Daemon.Workers;

/// <summary>A checkpoint that a worker process computes, as its manifest describes it, and the worker.</summary>
internal sealed class WorkerModel : IAsyncDisposable
{
    // What CalibratedModel says its scale reads.
    private const int SpansOfScale = 10;

    private readonly ModelManifest _manifest;
    private readonly Architecture _architecture;
    private readonly IReadOnlyDictionary<string, IntervalCalibration> _calibrations;
    private readonly ModelWorker _worker;

    private WorkerModel(
        ModelManifest manifest,
        Architecture architecture,
        IReadOnlyDictionary<string, IntervalCalibration> calibrations,
        ModelWorker worker)
    {
        _manifest = manifest;
        _architecture = architecture;
        _calibrations = calibrations;
        _worker = worker;
    }

    /// <summary>Hash of its content, weights included.</summary>
    public string Version => _manifest.Sha256;

    /// <summary>How often a worker was started for it.</summary>
    public int Starts => _worker.Starts;

    /// <summary>Process of the worker; 0 when none is ready.</summary>
    public int ProcessId => _worker.ProcessId;

    /// <summary>Reads a checkpoint's description and starts its worker.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <param name="start">Starts a worker for the checkpoint of a hash.</param>
    /// <exception cref="CheckpointException">It is missing or broken.</exception>
    public static WorkerModel Open(string directory, Func<string, ModelWorker> start)
    {
        var checkpoint = Checkpoint.Read(directory);
        var path = Path.Combine(directory, Checkpoint.ManifestFile);
        return new WorkerModel(
            checkpoint.Manifest,
            ManifestSections.ReadArchitecture(checkpoint.Manifest, path),
            ManifestSections.ReadCalibrations(checkpoint.Manifest, path),
            start(checkpoint.Manifest.Sha256));
    }

    /// <summary>What keeps a series from running on it; null when nothing does.</summary>
    public string? FaultFor(SeriesDefinition definition) =>
        CheckpointFit.FaultFor(definition, _manifest.Frequency, _architecture.Horizon, () => CalibrationOf(NameOf(definition.Id)));

    /// <summary>The name by which it knows a series: its own, or the only one it was trained on.</summary>
    /// <exception cref="DataFormatException">It was trained on several series and this is none of them.</exception>
    public string NameOf(string series) =>
        _manifest.Scalers.Count == 1 ? _manifest.Scalers.Keys.First()
        : _manifest.Scalers.ContainsKey(series) ? series
        : throw new DataFormatException($"Model '{_manifest.Name}' was trained on {_manifest.Scalers.Count} series, and '{series}' is none of them.");

    /// <summary>How many of the newest rows of a series it reads.</summary>
    public int RowsOf(string name) => Math.Max(
        _architecture.LookBack + ScalerOf(name).Lag,
        CalibrationOf(name)?.Scale is { } scale ? (SpansOfScale * scale.Span) + 1 : 0);

    public IntervalCalibration? CalibrationOf(string name) => _calibrations.GetValueOrDefault(name);

    public ModelReading ReadingOf(string name) => new(ScalerOf(name), _manifest.CreatedAt);

    /// <summary>Asks its worker.</summary>
    /// <exception cref="DaemonException">The worker is down, has too much to do, or cannot forecast this.</exception>
    public Task<Forecast> AskAsync(WorkerQuestion question) => _worker.AskAsync(question);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private Scaler ScalerOf(string name) => _manifest.Scalers[name];
}
