namespace Sequence.Backtesting;

/// <summary>How a strategy gave itself away.</summary>
public enum LookAheadFindingKind
{
    /// <summary>A decision was another one when the bars after it were not there.</summary>
    Decision,

    /// <summary>The strategy failed when the bars after a decision were not there.</summary>
    Failure,

    /// <summary>An order was filled in the bar that decided it or before, at a price already known.</summary>
    SameBarFill,

    /// <summary>Two runs over the same bars decided differently, so that nothing can be said about looking ahead.</summary>
    NotRepeatable,
}
