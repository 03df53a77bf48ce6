namespace Sequence.Daemon.Watching;

/// <summary>What was found to have drifted in one series, oldest first, and what of it is still to be stored. Not thread-safe.</summary>
internal sealed class WatchFindings(string series, string modelVersion, TimeProvider clock)
{
    private readonly List<DriftFinding> _all = [];
    private readonly List<DriftFinding> _added = [];
    private bool _isChanged;

    public IReadOnlyList<DriftFinding> All => _all;

    /// <summary>When errors of this version were last found to have grown; before all times when they never were.</summary>
    public DateTimeOffset ErrorsAt => _all.LastOrDefault(one => one.Kind == DriftKind.Errors && IsOurs(one))?.At ?? DateTimeOffset.MinValue;

    /// <summary>Takes what was found before; what another version of the model was found to do ends with it.</summary>
    public void Keep(IReadOnlyList<DriftFinding> findings, DateTimeOffset? now)
    {
        foreach (var finding in findings)
        {
            var ends = finding.Until is null && !IsOurs(finding);
            _isChanged |= ends;
            _all.Add(ends ? finding with { Until = now ?? finding.At } : finding);
        }
    }

    /// <summary>Adds a finding that lasts, unless it lasts already.</summary>
    public void Begin(DriftKind kind, double? level, double value, double threshold, DateTimeOffset at)
    {
        if (Lasting(kind, level) < 0)
        {
            Add(kind, level, value, threshold, at, until: null);
        }
    }

    /// <summary>Ends a finding, if it lasts.</summary>
    public void End(DriftKind kind, double? level, DateTimeOffset at)
    {
        if (Lasting(kind, level) is >= 0 and var place)
        {
            _all[place] = _all[place] with { Until = at };
            _isChanged = true;
        }
    }

    /// <summary>Adds a finding.</summary>
    public void Add(DriftKind kind, double? level, double value, double threshold, DateTimeOffset at, DateTimeOffset? until)
    {
        var finding = new DriftFinding(series, modelVersion, kind, level, value, threshold, at, clock.GetUtcNow(), until);
        _all.Add(finding);
        _added.Add(finding);
        _isChanged = true;
        if (_all.Count > DriftLog.MostOfASeries)
        {
            // A finding that lasts is kept, or it would be found again.
            _all.RemoveAt(Math.Max(0, _all.FindIndex(one => one.Until is not null)));
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
        return ([.. _all], added);
    }

    /// <summary>Takes back findings that could not be stored, to store them with the next.</summary>
    public void PutBack(IEnumerable<DriftFinding> added)
    {
        _isChanged = true;
        _added.InsertRange(0, added);
    }

    private bool IsOurs(DriftFinding finding) => string.Equals(finding.ModelVersion, modelVersion, StringComparison.Ordinal);

    private int Lasting(DriftKind kind, double? level) =>
        _all.FindIndex(one => one.Kind == kind && one.Level == level && one.Until is null && IsOurs(one));
}
