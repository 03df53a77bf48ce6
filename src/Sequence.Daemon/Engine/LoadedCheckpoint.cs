using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Daemon.Engine;

/// <summary>A checkpoint in memory; any number of series run on it.</summary>
internal sealed class LoadedCheckpoint
{
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

    public IntervalCalibration? CalibrationOf(string series) => _calibrated?.Calibrations.GetValueOrDefault(series);

    /// <summary>How it reads a series that it runs along.</summary>
    public ModelReading ReadingOf(string series) => new(_model.Manifest.Scalers.GetValueOrDefault(series), _model.Manifest.CreatedAt);
}
