using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>
/// What the daemon knows of how well one series is forecast: errors and coverage over the newest forecasts whose outcomes are known,
/// whether errors grow, and at which levels intervals are to be made. Follows the observations one by one; an observation costs a
/// comparison for each forecast that waits for it. Not thread-safe.
/// </summary>
internal sealed class SeriesWatch
{
    // One more whenever what is written, or what it means, changes.
    private const int Format = 1;

    // A series whose observations come fast is not written more often.
    private static readonly TimeSpan SavePause = TimeSpan.FromMinutes(1);

    private readonly string _series;
    private readonly string _modelVersion;
    private readonly double[] _levels;
    private readonly int _horizon;
    private readonly WatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly WatchedOrigins _origins;
    private readonly WatchFindings _findings;
    private readonly LevelWatch[] _watches;
    private readonly Queue<float> _oneStep = new();
    private readonly Queue<WatchedErrors> _allSteps = new();
    private readonly List<WatchedForecast> _waiting = [];
    private (DateTimeOffset Origin, long? Number)[] _expected = [];
    private ErrorDrift _errors;
    private DateTimeOffset _errorsFrom = DateTimeOffset.MinValue;
    private (DateTimeOffset Time, double Mean)? _next;
    private int _sinceSaved;
    private long? _savedAt;
    private bool _isSaved;

    /// <summary>A watch of a series before its first forecast.</summary>
    public SeriesWatch(SeriesDefinition definition, string modelVersion, WatchOptions options, TimeProvider clock)
    {
        _series = definition.Id;
        _modelVersion = modelVersion;
        _levels = definition.Levels;
        _horizon = definition.Horizon;
        _options = options;
        _clock = clock;
        _origins = new WatchedOrigins(definition.Frequency, definition.Horizon);
        _findings = new WatchFindings(definition.Id, modelVersion, clock);
        _watches = Array.ConvertAll(_levels, level => new LevelWatch(level, options));
        _errors = new ErrorDrift(options.Errors);
    }

    public string ModelVersion => _modelVersion;

    /// <summary>The level that the intervals of each level of the series are to be made at now, in percent.</summary>
    public double[] EffectiveLevels => Array.ConvertAll(_watches, one => one.Effective);

    /// <summary>Observations since inputs were last compared.</summary>
    public int SinceInputs { get; private set; }

    /// <summary>When inputs were last compared.</summary>
    public DateTimeOffset InputsAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Event time of the last observation taken.</summary>
    public DateTimeOffset? LastEventTime { get; private set; }

    /// <summary>Whether what observations made due is being done.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>Of the document that holds it in the store; 0 for none.</summary>
    public long Revision { get; set; }

    /// <summary>What was found, oldest first.</summary>
    public IReadOnlyList<DriftFinding> Findings => _findings.All;

    /// <summary>What is still to be stored of what was found is taken from here.</summary>
    public WatchFindings Found => _findings;

    /// <summary>Origin of the newest forecast taken.</summary>
    public DateTimeOffset? NewestOrigin { get; private set; }

    /// <summary>The forecasts a watch that was read still waits for, with their number in the store where it is known.</summary>
    public IReadOnlyList<(DateTimeOffset Origin, long? Number)> Expected => _expected;

    /// <summary>A watch as it was written; null when that is none of this version of the model, or of a time that is still to come.</summary>
    public static SeriesWatch? Read(
        byte[] body, SeriesDefinition definition, string modelVersion, WatchOptions options, TimeProvider clock, DateTimeOffset? lastEventTime)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(SealedBody.Open(Format, body), writable: false));
            var watch = new SeriesWatch(definition, modelVersion, options, clock);
            return string.Equals(reader.ReadString(), modelVersion, StringComparison.Ordinal)
                && watch.Read(reader) && watch.LastEventTime <= lastEventTime ? watch : null;
        }
        catch (SequenceException)
        {
            return null;
        }
    }

    /// <summary>The watch as it is after the last observation; null before the first.</summary>
    public byte[]? Write()
    {
        if (LastEventTime is not { } last)
        {
            return null;
        }

        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        writer.Write(_modelVersion);
        writer.Write(_horizon);
        writer.Write(_levels.Length);
        writer.Write(last.UtcTicks);
        writer.Write((NewestOrigin ?? DateTimeOffset.MinValue).UtcTicks);
        writer.Write(SinceInputs);
        writer.Write(InputsAt.UtcTicks);
        Array.ForEach(_watches, one => one.Write(writer));
        WriteAll(_oneStep, writer.Write);
        WriteAll(_allSteps, one => one.Write(writer));
        WriteAll(_waiting, one =>
        {
            writer.Write(one.Origin.UtcTicks);
            writer.Write(one.Number ?? 0);
        });
        _errors.Write(writer);
        writer.Flush();
        return SealedBody.Seal(Format, body.GetBuffer().AsSpan(0, (int)body.Length));

        void WriteAll<T>(IReadOnlyCollection<T> all, Action<T> write)
        {
            writer.Write(all.Count);
            foreach (var one in all)
            {
                write(one);
            }
        }
    }

    /// <summary>
    /// Moves a watch on that is new or was read: by the stored forecasts since, at the effective levels stored with them, and the
    /// outcomes there are. So it stands where it would had it never left memory, as far back as these forecasts reach.
    /// </summary>
    /// <param name="records">Of the forecasts it waits for and those since, newest first; those of other versions are left out.</param>
    /// <param name="findings">What was found before, oldest first.</param>
    /// <param name="lastEventTime">Event time of the last observation of the series.</param>
    /// <param name="rows">Observations since, of many of which there may be no forecast.</param>
    public void CatchUp(IEnumerable<ForecastRecord> records, IReadOnlyList<DriftFinding> findings, DateTimeOffset? lastEventTime, int rows)
    {
        var sinceInputs = SinceInputs + rows;
        _findings.Keep(findings, lastEventTime);
        _errorsFrom = _findings.ErrorsAt;
        var from = LastEventTime ?? DateTimeOffset.MinValue;
        if (_errorsFrom > from)
        {
            _errors = new ErrorDrift(_options.Errors);
        }

        ForecastRecord[] ours = [.. records.Where(one => string.Equals(one.Issued.ModelVersion, _modelVersion, StringComparison.Ordinal))
            .DistinctBy(one => one.Issued.Forecast.Origin).OrderBy(one => one.Issued.Forecast.Origin)];
        var since = new Queue<ForecastRecord>(ours.SkipWhile(one => one.Issued.Forecast.Origin <= NewestOrigin));
        Resume(ours, from);
        foreach (var (time, value) in Outcomes(ours, from, lastEventTime))
        {
            TakeBefore(time);
            Take(time, value, judges: false);
        }

        TakeBefore(DateTimeOffset.MaxValue);
        (_expected, SinceInputs, _sinceSaved) = ([], sinceInputs, rows);
        if (lastEventTime is { } now)
        {
            // On the way findings that were stored already would end and begin anew; only what it says now counts.
            Judge(now);
        }

        void TakeBefore(DateTimeOffset time)
        {
            while (since.TryPeek(out var record) && record.Issued.Forecast.Origin < time)
            {
                Take(since.Dequeue());
            }
        }
    }

    /// <summary>Takes a forecast that was issued from the last observation; one of the same origin takes the place of the former.</summary>
    /// <param name="forecast">The forecast, whose intervals were made at the effective levels.</param>
    /// <param name="widestLevel">The highest level its calibration can give; null when it has none.</param>
    /// <returns>The levels its intervals were made at, as they are stored.</returns>
    public EffectiveLevel[] Issue(Forecast forecast, double? widestLevel)
    {
        Array.ForEach(_watches, one => one.Issue(widestLevel));
        _isSaved &= NewestOrigin == forecast.Origin;
        Wait(forecast, null);
        return Array.ConvertAll(_watches, one => one.Stored);
    }

    /// <summary>Takes what was added by an append in the order of event times.</summary>
    public void Follow(Measurement[] batch, AppendOutcome[] outcomes)
    {
        for (var index = 0; index < batch.Length; index++)
        {
            if (outcomes[index] == AppendOutcome.Added)
            {
                Observe(batch[index].EventTime, batch[index].Value);
            }
        }
    }

    /// <summary>Takes the next observation in the order of event times.</summary>
    public void Observe(DateTimeOffset time, double value) => Take(time, value, judges: true);

    /// <summary>Whether inputs are due to be compared again. A clock that was set back puts nothing off.</summary>
    public bool InputsAreDue()
    {
        var pause = _clock.GetUtcNow() - InputsAt;
        return SinceInputs >= _options.InputsEvery && (pause >= _options.InputsPause || pause < TimeSpan.Zero);
    }

    /// <summary>Counts towards the next comparison of inputs from here on.</summary>
    public void BeginInputs() => (SinceInputs, InputsAt, _isSaved) = (0, _clock.GetUtcNow(), false);

    /// <summary>Whether so much has come since it was last written that a crash would cost it too much.</summary>
    public bool SaveIsDue() => _sinceSaved >= _options.Window && (_savedAt is not { } at || _clock.GetElapsedTime(at) >= SavePause);

    /// <summary>What is to be stored of it now; null when nothing has changed since the last call.</summary>
    public byte[]? TakeToSave()
    {
        if (_isSaved)
        {
            return null;
        }

        (_isSaved, _sinceSaved, _savedAt) = (true, 0, _clock.GetTimestamp());
        return Write();
    }

    /// <summary>What was taken could not be stored.</summary>
    public void SaveFailed() => _isSaved = false;

    /// <summary>Takes what a comparison of inputs came to.</summary>
    public void TakeInputs(InputReport inputs)
    {
        if (inputs.PopulationStability > _options.InputStability && inputs.PValue < _options.InputPValue)
        {
            _findings.Begin(DriftKind.Inputs, null, inputs.PopulationStability, _options.InputStability, inputs.To);
        }
        else if (inputs.PopulationStability < 0.8 * _options.InputStability || inputs.PValue > 10 * _options.InputPValue)
        {
            _findings.End(DriftKind.Inputs, null, inputs.To);
        }
    }

    /// <summary>Everything that is known.</summary>
    /// <param name="newest">The newest observations, oldest first, for the scale of the naive forecast.</param>
    /// <param name="inputs">How the inputs compare; null when there are too few.</param>
    public WatchReport Report(ReadOnlySpan<double> newest, InputReport? inputs)
    {
        double? scale = newest.Length < 2 ? null : PointAccuracy.SeasonalAbsoluteScale(newest, 1);
        var oneStep = WatchedErrors.Measure([.. _oneStep.Select(error => WatchedErrors.Of(error))], scale);
        return new WatchReport(
            _series,
            _modelVersion,
            LastEventTime,
            oneStep,
            _horizon == 1 ? oneStep : WatchedErrors.Measure(_allSteps, scale),
            Array.ConvertAll(_watches, one => one.Report()),
            new ErrorDriftReport(_errors.Count, _errors.Excess, _options.Errors.Threshold),
            inputs,
            [.. _findings.All]);
    }

    private static void Enqueue<T>(Queue<T> window, T errors, int length)
    {
        window.Enqueue(errors);
        if (window.Count > length)
        {
            window.Dequeue();
        }
    }

    /// <summary>The outcomes after a time, in order; at the last event time none where no forecast was of it.</summary>
    private static SortedDictionary<DateTimeOffset, double?> Outcomes(ForecastRecord[] records, DateTimeOffset from, DateTimeOffset? to)
    {
        var outcomes = new SortedDictionary<DateTimeOffset, double?>();
        foreach (var record in records)
        {
            var times = record.Issued.Forecast.Timestamps;
            for (var step = 0; step < times.Length; step++)
            {
                if (record.Outcomes[step] is { } value && times[step] > from && times[step] <= to)
                {
                    outcomes[times[step]] = value;
                }
            }
        }

        if (to > from)
        {
            outcomes.TryAdd(to.Value, null);
        }

        return outcomes;
    }

    private bool Read(BinaryReader reader)
    {
        if (reader.ReadInt32() != _horizon || reader.ReadInt32() != _levels.Length)
        {
            return false;
        }

        LastEventTime = ReadTime();
        NewestOrigin = ReadTime() is var newest && newest > DateTimeOffset.MinValue ? newest : null;
        SinceInputs = reader.ReadInt32();
        InputsAt = ReadTime();
        if (!Array.TrueForAll(_watches, one => one.Read(reader)))
        {
            return false;
        }

        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            Enqueue(_oneStep, reader.ReadSingle(), _options.Window);
        }

        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            Enqueue(_allSteps, WatchedErrors.Read(reader), _options.Window);
        }

        _expected = new (DateTimeOffset, long?)[reader.ReadInt32()];
        for (var index = 0; index < _expected.Length; index++)
        {
            _expected[index] = (ReadTime(), reader.ReadInt64() is > 0 and var number ? number : null);
        }

        _errors = ErrorDrift.Read(reader, _options.Errors);
        _isSaved = true;
        return true;

        DateTimeOffset ReadTime() => new(reader.ReadInt64(), TimeSpan.Zero);
    }

    /// <summary>Has the forecasts that were waited for wait again, with the outcomes they had by then.</summary>
    private void Resume(ForecastRecord[] records, DateTimeOffset from)
    {
        foreach (var record in records.TakeWhile(one => one.Issued.Forecast.Origin <= NewestOrigin))
        {
            var forecast = record.Issued.Forecast;
            if (Array.Exists(_expected, one => one.Origin == forecast.Origin))
            {
                var watched = new WatchedForecast(forecast, _levels, record.Number);
                for (var step = 0; step < forecast.Horizon && forecast.Timestamps[step] <= from; step++)
                {
                    if (record.Outcomes[step] is { } value)
                    {
                        watched.Observe(forecast.Timestamps[step], value);
                    }
                }

                _waiting.Add(watched);
            }

            if (forecast.Origin == NewestOrigin && forecast.Timestamps[0] > from)
            {
                _next = (forecast.Timestamps[0], forecast.Mean[0]);
            }
        }
    }

    /// <summary>Takes a stored forecast as it was issued.</summary>
    private void Take(ForecastRecord record)
    {
        Array.ForEach(_watches, one => one.Resume(record.Issued.EffectiveLevels));
        Wait(record.Issued.Forecast, record.Number);
    }

    /// <summary>Takes an observation, or only the time of one that no forecast was of.</summary>
    private void Take(DateTimeOffset time, double? value, bool judges)
    {
        LastEventTime = time;
        SinceInputs++;
        _sinceSaved++;
        _isSaved = false;
        if (_next is { } next && next.Time <= time)
        {
            _next = null;
            if (next.Time == time && value is { } outcome)
            {
                TakeError(next.Mean - outcome, time);
            }
        }

        foreach (var forecast in _waiting)
        {
            if (value is { } outcome)
            {
                forecast.Observe(time, outcome);
            }
        }

        while (_waiting.Count > 0 && _waiting[0].Last <= time)
        {
            Complete(_waiting[0]);
            if (judges)
            {
                Judge(_waiting[0].Last);
            }

            _waiting.RemoveAt(0);
        }
    }

    private void Wait(Forecast forecast, long? number)
    {
        NewestOrigin = forecast.Origin;
        _next = (forecast.Timestamps[0], forecast.Mean[0]);
        if (_waiting.Count > 0 && _waiting[^1].Origin == forecast.Origin)
        {
            _waiting.RemoveAt(_waiting.Count - 1);
        }

        if (_origins.Includes(forecast.Origin))
        {
            _waiting.Add(new WatchedForecast(forecast, _levels, number));
        }
    }

    private void TakeError(double error, DateTimeOffset time)
    {
        Enqueue(_oneStep, (float)error, _options.Window);
        if (time > _errorsFrom && _errors.Observe(error) is { } excess)
        {
            _findings.Add(DriftKind.Errors, null, excess, _options.Errors.Threshold, time, until: time);
        }
    }

    private void Complete(WatchedForecast forecast)
    {
        if (forecast.Steps == 0)
        {
            return;
        }

        if (_horizon > 1)
        {
            Enqueue(_allSteps, forecast.Errors(), _options.Window);
        }

        for (var level = 0; level < _levels.Length; level++)
        {
            if (forecast.Has(level))
            {
                _watches[level].Complete(forecast, forecast.Missed[level]);
            }
        }
    }

    private void Judge(DateTimeOffset at) => Array.ForEach(_watches, one => one.Judge(_findings, at));
}
