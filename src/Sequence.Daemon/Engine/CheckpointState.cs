using System.Buffers;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Daemon.Engine;

/// <summary>
/// A checkpoint running along the series: one step of its plan an observation. The newest rows are kept only for the times
/// of the forecasts and, where the checkpoint's calibration asks for it, the scale of the intervals.
/// </summary>
internal sealed class CheckpointState : SeriesState
{
    // Enough to see whether months are counted from their ends.
    private const int RowsForTimes = 16;

    // What CalibratedModel says its scale reads.
    private const int SpansOfScale = 10;

    private readonly RunningForecast _running;
    private readonly IntervalCalibration? _calibration;
    private readonly ModelReading _reading;

    public CheckpointState(SeriesDefinition definition, LoadedCheckpoint checkpoint)
        : base(definition, checkpoint.Version, RowsOf(definition, checkpoint))
    {
        _running = checkpoint.Start(definition.Id);
        _calibration = checkpoint.CalibrationOf(_running.Series);
        _reading = checkpoint.ReadingOf(_running.Series);
    }

    public override int? RowsToReplay => null;

    public override ModelReading Reading => _reading;

    public override double? WidestLevel(int horizon) => horizon <= _calibration?.Horizon ? _calibration.WidestLevel(horizon) : null;

    public override double? NextValue => _running.IsReady && _running.Forecast()[0] is var next && double.IsFinite(next) ? next : null;

    protected override void Take(double value) => _running.Observe(value);

    protected override void WriteCarried(IBufferWriter<byte> writer) => _running.WriteState(writer);

    protected override void ReadCarried(ReadOnlySpan<byte> bytes) => _running.ReadState(bytes);

    protected override ValueTask<Forecast> ForecastAsync(
        TimeSeries newest, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels)
    {
        if (!_running.IsReady)
        {
            throw new DaemonException(
                DaemonFault.Conflict,
                $"After {_running.Count} observations model '{Definition.Model}' has no forecast for series '{Definition.Id}' yet; send more.");
        }

        var mean = _running.Forecast();
        if (horizon > mean.Length)
        {
            throw new ModelException($"Model '{Definition.Model}' forecasts {mean.Length} steps, not {horizon}. Ask for at most {mean.Length}.");
        }

        mean = mean[..horizon];
        return ValueTask.FromResult(new Forecast(
            Definition.Id,
            newest.Timestamps.Span[^1],
            newest.FutureTimestamps(horizon),
            mean,
            levels.Count == 0 || _calibration is null ? [] : _calibration.Around(newest, mean, levels, effectiveLevels)));
    }

    private static int RowsOf(SeriesDefinition definition, LoadedCheckpoint checkpoint) =>
        checkpoint.CalibrationOf(checkpoint.Start(definition.Id).Series)?.Scale is { } scale
            ? Math.Max(RowsForTimes, (SpansOfScale * scale.Span) + 1)
            : RowsForTimes;
}
