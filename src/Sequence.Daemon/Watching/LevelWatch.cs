using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>The intervals of one level of a series: what they covered, and the level that they are to be made at. Not thread-safe.</summary>
internal sealed class LevelWatch(double level, WatchOptions options)
{
    // A finding of coverage ends half the way back to the promise, so that it does not come and go at the edge.
    private const double WayBack = 0.5;

    private readonly CoverageWindow _coverage = new(level, options.Window, options.Confidence);
    private AdaptiveConformal _adaptive = new(level, options.Gamma);
    private bool _isWidest;

    /// <summary>The level that intervals are to be made at now, in percent.</summary>
    public double Effective => _adaptive.EffectiveLevel;

    /// <summary>As it is stored with a forecast and answered.</summary>
    public EffectiveLevel Stored => new(level, Effective, _isWidest);

    /// <summary>Takes what was written of this level; false when it was another.</summary>
    public bool Read(BinaryReader reader)
    {
        if (reader.ReadDouble() != level)
        {
            return false;
        }

        _adaptive = new AdaptiveConformal(level, options.Gamma, reader.ReadDouble());
        _isWidest = reader.ReadBoolean();
        _coverage.Read(reader);
        return true;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(level);
        writer.Write(Effective);
        writer.Write(_isWidest);
        _coverage.Write(writer);
    }

    /// <summary>Goes on from the level that a forecast was made at, if it has this one.</summary>
    public void Resume(EffectiveLevel[] levels)
    {
        if (Array.Find(levels, one => one.Level == level) is { } kept)
        {
            (_adaptive, _isWidest) = (new AdaptiveConformal(level, options.Gamma, kept.Effective), kept.IsWidest);
        }
    }

    /// <summary>Takes that a forecast was made.</summary>
    /// <param name="widest">The highest level its calibration can give; null when it has none.</param>
    public void Issue(double? widest) => _isWidest = Effective > widest;

    /// <summary>Takes what came of a forecast.</summary>
    public void Complete(WatchedForecast forecast, int missed)
    {
        _adaptive.Observe((double)missed / forecast.Steps);
        _coverage.Add(forecast.Origin, forecast.Last, missed, forecast.Steps);
    }

    /// <summary>Begins and ends findings of coverage.</summary>
    public void Judge(WatchFindings findings, DateTimeOffset at)
    {
        if (_coverage.Band is not { } band || _coverage.Coverage is not { } coverage)
        {
            return;
        }

        if (coverage < band.Lower)
        {
            findings.Begin(DriftKind.Coverage, level, coverage, band.Lower, at);
        }
        else if (coverage >= band.Lower + (WayBack * (level - band.Lower)))
        {
            findings.End(DriftKind.Coverage, level, at);
        }
    }

    public LevelReport Report() => new(
        level,
        Effective,
        _isWidest,
        _coverage.Coverage,
        _coverage.Steps,
        _coverage.Independent,
        _coverage.Band?.Lower,
        _coverage.Band?.Upper,
        _coverage.Verdict);
}
