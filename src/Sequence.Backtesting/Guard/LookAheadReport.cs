namespace Sequence.Backtesting;

/// <summary>What the look-ahead guard saw.</summary>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="Samples">Bars after which the market was cut, in order; each was a run of its own.</param>
/// <param name="Finding">The earliest sign of looking ahead; null when there is none.</param>
public sealed record LookAheadReport(string Strategy, IReadOnlyList<int> Samples, LookAheadFinding? Finding)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Finding is null;

    /// <summary>Throws when something was found.</summary>
    /// <exception cref="LookAheadException">The strategy looks ahead.</exception>
    public void ThrowIfLooksAhead()
    {
        if (!IsClean)
        {
            throw new LookAheadException(this);
        }
    }
}
