namespace Sequence.Reporting;

/// <summary>Which value of a measure is the best.</summary>
public enum MeasureGoal
{
    /// <summary>The lowest, as of an error.</summary>
    Lowest,

    /// <summary>The highest, as of a share of right answers.</summary>
    Highest,

    /// <summary>None can be named by its size alone, as of a coverage or a time.</summary>
    None,
}
