using System.Buffers;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Workers;

/// <summary>The newest rows of a series, from which a worker process forecasts: as many as its model reads.</summary>
internal sealed class WorkerState : SeriesState
{
    private readonly WorkerModel _model;
    private readonly string _name;

    public WorkerState(SeriesDefinition definition, WorkerModel model)
        : base(definition, model.Version, model.RowsOf(model.NameOf(definition.Id)))
    {
        _model = model;
        _name = model.NameOf(definition.Id);
    }

    public override int? RowsToReplay => _model.RowsOf(_name);

    public override ModelReading Reading => _model.ReadingOf(_name);

    public override double? WidestLevel(int horizon) =>
        _model.CalibrationOf(_name) is { } calibration && horizon <= calibration.Horizon ? calibration.WidestLevel(horizon) : null;

    protected override void Take(double value)
    {
    }

    protected override void WriteCarried(IBufferWriter<byte> writer)
    {
    }

    protected override void ReadCarried(ReadOnlySpan<byte> bytes)
    {
    }

    protected override async ValueTask<Forecast> ForecastAsync(
        TimeSeries newest, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels)
    {
        var calibration = _model.CalibrationOf(_name);
        var forecast = await _model.AskAsync(new WorkerQuestion(
            _name, Definition.Frequency.ToString(), newest.Timestamps.ToArray(), newest.Values.ToArray(), horizon));
        return forecast with
        {
            SeriesId = Definition.Id,
            Intervals = levels.Count == 0 || calibration is null ? [] : calibration.Around(newest, forecast.Mean, levels, effectiveLevels),
        };
    }
}
