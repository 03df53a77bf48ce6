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
    // A forecast far ahead waits long: no more than these wait at a time, the others are left out of coverage.
    private const int MostWaiting = 16;

    // A finding of coverage ends half the way back to the promise, so that it does not come and go at the edge.
    private const double WayBack = 0.5;

    private readonly string _series;
    private readonly string _modelVersion;
    private readonly double[] _levels;
    private readonly int _horizon;
    private readonly int _stride;
    private readonly WatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly AdaptiveConformal[] _adaptive;
    private readonly CoverageWindow[] _coverage;
    private readonly bool[] _isWidest;
    private readonly Queue<float> _oneStep = new();
    private readonly Queue<WatchedErrors> _allSteps = new();
    private readonly List<WatchedForecast> _waiting = [];
    private readonly List<DriftFinding> _findings = [];
    private readonly List<DriftFinding> _added = [];
    private readonly ErrorDrift _errors;
    private (DateTimeOffset Time, double Mean)? _next;
    private DateTimeOffset _takenFrom = DateTimeOffset.MinValue;
    private bool _isChanged;

    /// <summary>A watch of a series before its first forecast.</summary>
    public SeriesWatch(SeriesDefinition definition, string modelVersion, WatchOptions options, TimeProvider clock)
    {
        _series = definition.Id;
        _modelVersion = modelVersion;
        _levels = definition.Levels;
        _horizon = definition.Horizon;
        _stride = (definition.Horizon + MostWaiting - 1) / MostWaiting;
        _options = options;
        _clock = clock;
        _adaptive = Array.ConvertAll(_levels, level => new AdaptiveConformal(level, options.Gamma));
        _coverage = Array.ConvertAll(_levels, level => new CoverageWindow(level, options.Window, options.Confidence));
        _isWidest = new bool[_levels.Length];
        _errors = new ErrorDrift(options.Errors);
    }

    public string ModelVersion => _modelVersion;

    /// <summary>The level that the intervals of each level of the series are to be made at now, in percent.</summary>
    public double[] EffectiveLevels => Array.ConvertAll(_adaptive, one => one.EffectiveLevel);

    /// <summary>Observations since inputs were last compared.</summary>
    public int SinceInputs { get; private set; }

    /// <summary>When inputs were last compared.</summary>
    public DateTimeOffset InputsAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Event time of the last observation taken.</summary>
    public DateTimeOffset? LastEventTime { get; private set; }

    /// <summary>Whether what observations made due is being done.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>What was found, oldest first.</summary>
    public IReadOnlyList<DriftFinding> Findings => _findings;

    /// <summary>
    /// The watch as it was when the last of these forecasts was issued, and moved on by the outcomes since. Effective levels go on where
    /// they were; the test on errors goes on from its last finding, or from the first of these forecasts.
    /// </summary>
    /// <param name="definition">The series.</param>
    /// <param name="modelVersion">The version of its model; forecasts and findings of others are left out.</param>
    /// <param name="options">How to watch.</param>
    /// <param name="clock">Says when something was found.</param>
    /// <param name="records">Its last forecasts, newest first.</param>
    /// <param name="findings">What was found before, oldest first.</param>
    /// <param name="lastEventTime">Event time of its last observation.</param>
    public static SeriesWatch Restore(
        SeriesDefinition definition,
        string modelVersion,
        WatchOptions options,
        TimeProvider clock,
        IReadOnlyList<ForecastRecord> records,
        IReadOnlyList<DriftFinding> findings,
        DateTimeOffset? lastEventTime)
    {
        var watch = new SeriesWatch(definition, modelVersion, options, clock) { LastEventTime = lastEventTime };
        watch.Keep(findings);
        var ours = records.Where(record => string.Equals(record.Issued.ModelVersion, modelVersion, StringComparison.Ordinal))
            .DistinctBy(record => record.Issued.Forecast.Origin).ToArray();
        if (ours.Length == 0)
        {
            return watch;
        }

        var newest = ours[0].Issued;
        for (var level = 0; level < watch._levels.Length; level++)
        {
            if (newest.EffectiveLevels.FirstOrDefault(one => one.Level == watch._levels[level]) is { } kept)
            {
                watch._adaptive[level] = new AdaptiveConformal(kept.Level, options.Gamma, kept.Effective);
                watch._isWidest[level] = kept.IsWidest;
            }
        }

        var errorsFrom = findings.LastOrDefault(one => one.Kind == DriftKind.Errors && watch.IsOurs(one))?.At ?? DateTimeOffset.MinValue;
        foreach (var record in ours.Reverse())
        {
            watch.Take(record, newest.Forecast.Origin, errorsFrom);
        }

        // On the way the window was not full as it was then; only what it says now counts.
        watch.Judge(lastEventTime ?? newest.Forecast.Origin);
        return watch;
    }

    /// <summary>Takes a forecast that was issued from the last observation; one of the same origin takes the place of the former.</summary>
    /// <param name="forecast">The forecast, whose intervals were made at the effective levels.</param>
    /// <param name="widestLevel">The highest level its calibration can give; null when it has none.</param>
    /// <returns>The levels its intervals were made at, as they are stored.</returns>
    public EffectiveLevel[] Issue(Forecast forecast, double? widestLevel)
    {
        for (var level = 0; level < _levels.Length; level++)
        {
            _isWidest[level] = _adaptive[level].EffectiveLevel > widestLevel;
        }

        Wait(forecast);
        return [.. _levels.Select((level, index) => new EffectiveLevel(level, _adaptive[index].EffectiveLevel, _isWidest[index]))];
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
    public void Observe(DateTimeOffset time, double value)
    {
        LastEventTime = time;
        SinceInputs++;
        if (_next is { } next && next.Time <= time)
        {
            _next = null;
            if (next.Time == time)
            {
                TakeError(next.Mean - value, time, testsDrift: true);
            }
        }

        foreach (var forecast in _waiting)
        {
            forecast.Observe(time, value);
        }

        while (_waiting.Count > 0 && _waiting[0].Last <= time)
        {
            Complete(_waiting[0], adapts: true);
            Judge(_waiting[0].Last);
            _waiting.RemoveAt(0);
        }
    }

    /// <summary>Whether inputs are due to be compared again.</summary>
    public bool InputsAreDue() => SinceInputs >= _options.InputsEvery && _clock.GetUtcNow() - InputsAt >= _options.InputsPause;

    /// <summary>Counts towards the next comparison of inputs from here on.</summary>
    public void BeginInputs() => (SinceInputs, InputsAt) = (0, _clock.GetUtcNow());

    /// <summary>Takes what a comparison of inputs came to.</summary>
    public void TakeInputs(InputReport inputs)
    {
        if (inputs.PopulationStability > _options.InputStability && inputs.PValue < _options.InputPValue)
        {
            Begin(DriftKind.Inputs, null, inputs.PopulationStability, _options.InputStability, inputs.To);
        }
        else if (inputs.PopulationStability < 0.8 * _options.InputStability || inputs.PValue > 10 * _options.InputPValue)
        {
            End(DriftKind.Inputs, null, inputs.To);
        }
    }

    /// <summary>The findings as they are to be stored, and which of them are new; null when nothing has changed since the last call.</summary>
    public (DriftFinding[] All, DriftFinding[] Added)? TakeChanges()
    {
        if (!_isChanged)
        {
            return null;
        }

        var added = _added.ToArray();
        _isChanged = false;
        _added.Clear();
        return ([.. _findings], added);
    }

    /// <summary>Takes back findings that could not be stored, to store them with the next.</summary>
    public void PutBack(IEnumerable<DriftFinding> added)
    {
        _isChanged = true;
        _added.InsertRange(0, added);
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
            [.. _coverage.Select((window, index) => new LevelReport(
                window.Level,
                _adaptive[index].EffectiveLevel,
                _isWidest[index],
                window.Coverage,
                window.Steps,
                window.Independent,
                window.Band?.Lower,
                window.Band?.Upper,
                window.Verdict))],
            new ErrorDriftReport(_errors.Count, _errors.Excess, _options.Errors.Threshold),
            inputs,
            [.. _findings]);
    }

    private static void Enqueue<T>(Queue<T> window, T errors, int length)
    {
        window.Enqueue(errors);
        if (window.Count > length)
        {
            window.Dequeue();
        }
    }

    private void Keep(IReadOnlyList<DriftFinding> findings)
    {
        foreach (var finding in findings)
        {
            // What another version of the model was found to do ends with it.
            var ends = finding.Until is null && !IsOurs(finding);
            _isChanged |= ends;
            _findings.Add(ends ? finding with { Until = LastEventTime ?? finding.At } : finding);
        }
    }

    private bool IsOurs(DriftFinding finding) => string.Equals(finding.ModelVersion, _modelVersion, StringComparison.Ordinal);

    /// <summary>Takes a stored forecast with the outcomes there are.</summary>
    private void Take(ForecastRecord record, DateTimeOffset newestOrigin, DateTimeOffset errorsFrom)
    {
        var forecast = record.Issued.Forecast;
        if (record.Outcomes[0] is { } outcome)
        {
            TakeError(forecast.Mean[0] - outcome, forecast.Timestamps[0], forecast.Timestamps[0] > errorsFrom);
        }

        if (Wait(forecast) is not { } watched)
        {
            return;
        }

        for (var step = 0; step < forecast.Horizon; step++)
        {
            if (record.Outcomes[step] is { } value)
            {
                watched.Observe(forecast.Timestamps[step], value);
            }
        }

        if (watched.Last <= LastEventTime)
        {
            _waiting.Remove(watched);

            // Those complete by the newest origin are in the effective levels that were stored with it.
            Complete(watched, adapts: watched.Last > newestOrigin);
        }
    }

    private WatchedForecast? Wait(Forecast forecast)
    {
        _next = forecast.Timestamps[0] > LastEventTime ? (forecast.Timestamps[0], forecast.Mean[0]) : null;
        if (_waiting.Count > 0 && _waiting[^1].Origin == forecast.Origin)
        {
            _waiting.RemoveAt(_waiting.Count - 1);
        }
        else if (forecast.Origin < _takenFrom)
        {
            return null;
        }

        _takenFrom = forecast.Timestamps[_stride - 1];
        var watched = new WatchedForecast(forecast, _levels);
        _waiting.Add(watched);
        return watched;
    }

    private void TakeError(double error, DateTimeOffset time, bool testsDrift)
    {
        Enqueue(_oneStep, (float)error, _options.Window);
        if (testsDrift && _errors.Observe(error) is { } excess)
        {
            Add(DriftKind.Errors, null, excess, _options.Errors.Threshold, time, until: time);
        }
    }

    private void Complete(WatchedForecast forecast, bool adapts)
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
            if (!forecast.Has(level))
            {
                continue;
            }

            if (adapts)
            {
                _adaptive[level].Observe((double)forecast.Missed[level] / forecast.Steps);
            }

            _coverage[level].Add(forecast.Origin, forecast.Last, forecast.Missed[level], forecast.Steps);
        }
    }

    /// <summary>Begins and ends findings of coverage.</summary>
    private void Judge(DateTimeOffset at)
    {
        foreach (var window in _coverage)
        {
            if (window.Band is not { } band || window.Coverage is not { } coverage)
            {
                continue;
            }

            if (coverage < band.Lower)
            {
                Begin(DriftKind.Coverage, window.Level, coverage, band.Lower, at);
            }
            else if (coverage >= band.Lower + (WayBack * (window.Level - band.Lower)))
            {
                End(DriftKind.Coverage, window.Level, at);
            }
        }
    }

    private int Lasting(DriftKind kind, double? level) =>
        _findings.FindIndex(one => one.Kind == kind && one.Level == level && one.Until is null && IsOurs(one));

    private void Begin(DriftKind kind, double? level, double value, double threshold, DateTimeOffset at)
    {
        if (Lasting(kind, level) < 0)
        {
            Add(kind, level, value, threshold, at, until: null);
        }
    }

    private void End(DriftKind kind, double? level, DateTimeOffset at)
    {
        if (Lasting(kind, level) is >= 0 and var place)
        {
            _findings[place] = _findings[place] with { Until = at };
            _isChanged = true;
        }
    }

    private void Add(DriftKind kind, double? level, double value, double threshold, DateTimeOffset at, DateTimeOffset? until)
    {
        var finding = new DriftFinding(_series, _modelVersion, kind, level, value, threshold, at, _clock.GetUtcNow(), until);
        _findings.Add(finding);
        _added.Add(finding);
        _isChanged = true;
        if (_findings.Count > DriftLog.MostOfASeries)
        {
            // A finding that lasts is kept, or it would be found again.
            _findings.RemoveAt(Math.Max(0, _findings.FindIndex(one => one.Until is not null)));
        }
    }
}
