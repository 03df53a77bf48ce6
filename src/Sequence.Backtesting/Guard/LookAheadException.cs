namespace Sequence.Backtesting;

/// <summary>A strategy that uses what it cannot know.</summary>
public sealed class LookAheadException : SequenceException
{
    internal LookAheadException(LookAheadReport report)
        : base($"Strategy '{report.Strategy}' looks ahead: {report.Finding!.Message}")
    {
        Report = report;
    }

    /// <summary>What was found.</summary>
    public LookAheadReport Report { get; }
}
