using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>Coverage of one level over the newest forecasts; the counts are kept current, so that each forecast costs the same.</summary>
internal sealed class CoverageWindow(double level, int length, double confidence)
{
    // Fewer say little, and a chance run at the start would be a finding.
    private const int FewestForecasts = 30;

    private readonly Queue<(ushort Missed, ushort Steps, bool IsIndependent)> _forecasts = new();
    private DateTimeOffset _independentUntil = DateTimeOffset.MinValue;
    private long _missed;
    private int _independent;
    private (int Trials, CoverageBand Band)? _band;

    public double Level => level;

    public long Steps { get; private set; }

    public int Independent => _independent;

    public double? Coverage => Steps == 0 ? null : 100.0 * (Steps - _missed) / Steps;

    public CoverageBand? Band
    {
        get
        {
            if (_forecasts.Count < FewestForecasts)
            {
                return null;
            }

            if (_band is not { } known || known.Trials != _independent)
            {
                _band = known = (_independent, CoverageBand.Of(level, _independent, confidence));
            }

            return known.Band;
        }
    }

    public CoverageVerdict Verdict => Band is not { } band ? CoverageVerdict.Unknown
        : Coverage < band.Lower ? CoverageVerdict.UnderCovered
        : Coverage > band.Upper ? CoverageVerdict.OverCovered
        : CoverageVerdict.AsPromised;

    /// <summary>Takes what was written of a window of this level.</summary>
    public void Read(BinaryReader reader)
    {
        _independentUntil = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            Add(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadBoolean());
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_independentUntil.UtcTicks);
        writer.Write(_forecasts.Count);
        foreach (var (missed, steps, isIndependent) in _forecasts)
        {
            writer.Write(missed);
            writer.Write(steps);
            writer.Write(isIndependent);
        }
    }

    public void Add(DateTimeOffset origin, DateTimeOffset last, int missed, int steps)
    {
        var isIndependent = origin >= _independentUntil;
        _independentUntil = isIndependent ? last : _independentUntil;
        Add((ushort)missed, (ushort)steps, isIndependent);
    }

    private void Add(ushort missed, ushort steps, bool isIndependent)
    {
        _forecasts.Enqueue((missed, steps, isIndependent));
        Count(missed, steps, isIndependent, 1);
        if (_forecasts.Count > length)
        {
            var (oldMissed, oldSteps, wasIndependent) = _forecasts.Dequeue();
            Count(oldMissed, oldSteps, wasIndependent, -1);
        }
    }

    private void Count(int missed, int steps, bool isIndependent, int sign)
    {
        _missed += sign * missed;
        Steps += sign * steps;
        _independent += isIndependent ? sign : 0;
    }
}
