using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Daemon.Engine;

/// <summary>A checkpoint in memory; any number of series run on it.</summary>
internal sealed class LoadedCheckpoint
{
    private const int ProbeRows = 16;

    private readonly StreamingModel _model;
    private readonly CalibratedModel? _calibrated;

    private LoadedCheckpoint(StreamingModel model, CalibratedModel? calibrated)
    {
        _model = model;
        _calibrated = calibrated;
    }

    /// <summary>Hash of its content, weights included.</summary>
    public string Version => _model.Manifest.Sha256;

    public string Frequency => _model.Manifest.Frequency;

    public int Horizon => _model.Architecture.Horizon;

    /// <summary>The series it was trained on.</summary>
    public IEnumerable<string> Series => _model.Manifest.Scalers.Keys;

    /// <exception cref="SequenceException">It is missing or broken, or takes other inputs than the target.</exception>
    public static LoadedCheckpoint Open(string directory)
    {
        var opened = StreamingForecaster.Open(directory);
        var calibrated = opened as CalibratedModel;
        return new LoadedCheckpoint(((StreamingForecastModel)(calibrated?.Inner ?? opened)).Model, calibrated);
    }

    /// <summary>Runs along a series: one it was trained on, or any when it was trained on one only.</summary>
    /// <exception cref="DataFormatException">It was trained on several series and this is none of them.</exception>
    public RunningForecast Start(string series) => _model.Start(_model.Manifest.Scalers.Count == 1 ? null : series);

    /// <summary>What keeps a series from running on it; null when nothing does.</summary>
    public string? FaultFor(SeriesDefinition definition) =>
        CheckpointFit.FaultFor(definition, Frequency, Horizon, () => CalibrationOf(Start(definition.Id).Series));

    /// <summary>
    /// Runs along a fixed series: in scaled units 0.5 sin(0.7 t), so that every scaler can take it, over the look-back and 16
    /// rows more.
    /// </summary>
    /// <param name="series">One it was trained on.</param>
    /// <returns>All its forecasts, one after the other.</returns>
    /// <exception cref="SequenceException">It cannot run, or says something that is not finite.</exception>
    public double[] Probe(string series)
    {
        var scaler = _model.Manifest.Scalers[series];
        var running = _model.Start(series);
        List<double> outputs = [];
        Span<double> value = [100.0];
        for (var row = 0; row < _model.Architecture.LookBack + scaler.Lag + ProbeRows; row++)
        {
            scaler.Invert([0.5 * Math.Sin(0.7 * row)], value[0], value);
            running.Observe(value[0]);
            if (running.IsReady)
            {
                outputs.AddRange(running.Forecast());
            }
        }

        return outputs.TrueForAll(double.IsFinite)
            ? [.. outputs]
            : throw new ModelException($"Model '{_model.Manifest.Name}' says something that is not finite about its probe.");
    }

    public IntervalCalibration? CalibrationOf(string series) => _calibrated?.Calibrations.GetValueOrDefault(series);

    /// <summary>How it reads a series that it runs along.</summary>
    public ModelReading ReadingOf(string series) => new(_model.Manifest.Scalers.GetValueOrDefault(series), _model.Manifest.CreatedAt);
}
