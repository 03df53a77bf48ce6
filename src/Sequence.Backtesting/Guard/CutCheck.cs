using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>Runs a strategy on a market cut short and compares its decisions with those on the whole one.</summary>
internal sealed class CutCheck(Market market, Strategy strategy, BacktestOptions options, IReadOnlyList<Decision> decisions)
{
    /// <summary>The first difference when everything after a bar is cut off; null when there is none.</summary>
    public LookAheadFinding? At(int bar, CancellationToken cancellationToken)
    {
        var (different, failure) = Compare(market.Truncate(bar + 1), cancellationToken);
        if (failure is { PartialResult: null })
        {
            // It could not start. A market that is too short for it is no fault where the whole one decides nothing either.
            return decisions.Count > 0 && decisions[0].Bar <= bar ? Failed(failure, bar, bar) : null;
        }

        if (different is { } place)
        {
            var (whole, cut) = place;
            var at = Math.Min(whole?.Bar ?? int.MaxValue, cut?.Bar ?? int.MaxValue);
            if (failure is null || at < failure.Bar)
            {
                return Different(at, whole?.Bar == at ? whole.What : null, cut?.Bar == at ? cut.What : null, bar);
            }
        }

        return failure is null ? null : Failed(failure, failure.Bar, bar);
    }

    /// <summary>The first difference between two runs over all bars; null when there is none.</summary>
    public LookAheadFinding? Repeated(CancellationToken cancellationToken)
    {
        var (different, failure) = Compare(market, cancellationToken);
        if (different is null && failure is null)
        {
            return null;
        }

        var (whole, again) = different ?? (null, null);
        var bar = Math.Min(whole?.Bar ?? int.MaxValue, Math.Min(again?.Bar ?? int.MaxValue, failure?.Bar ?? int.MaxValue));
        var time = market.Times.Span[bar];
        return new LookAheadFinding(
            LookAheadFindingKind.NotRepeatable,
            bar,
            time,
            whole?.What,
            again?.What,
            market.Length,
            $"two runs over the same bars differ at bar {bar} ({time:u}): first {Words(whole?.What)}, then {failure?.Message ?? Words(again?.What)}. Give " +
            "every random draw a seed and keep no state between runs; then check again.");
    }

    /// <summary>
    /// The first place where the decisions on a market part from the known ones, as far as that market reaches, and the
    /// failure it ended with.
    /// </summary>
    private ((Decision? Whole, Decision? Other)? Different, StrategyException? Failure) Compare(
        Market shorter, CancellationToken cancellationToken)
    {
        var count = 0;
        (Decision?, Decision?)? different = null;
        void Decided(Decision decision)
        {
            var expected = count < decisions.Count ? decisions[count] : null;
            count++;
            if (different is null && decision != expected)
            {
                different = (expected, decision);
            }
        }

        StrategyException? failure = null;
        try
        {
            Backtest.Run(shorter, strategy, options, Decided, cancellationToken);
        }
        catch (StrategyException exception)
        {
            failure = exception;
        }
        catch (DataFormatException)
        {
            // Too short for a first decision, so that there were none.
        }

        if (different is null && count < decisions.Count && decisions[count].Bar < shorter.Length)
        {
            different = (decisions[count], null);
        }

        return (different, failure);
    }

    private LookAheadFinding Different(int at, string? whole, string? cut, int bar)
    {
        var time = market.Times.Span[at];
        return new LookAheadFinding(
            LookAheadFindingKind.Decision,
            at,
            time,
            whole,
            cut,
            bar + 1,
            $"at bar {at} ({time:u}) it decides {Words(whole)} when it is given all {market.Length} bars, but {Words(cut)} when it is given only the " +
            $"first {bar + 1}. Something it uses at that bar comes from later ones: look for centred windows, scalers or models fitted on all " +
            "bars, columns shifted the wrong way.");
    }

    private LookAheadFinding Failed(StrategyException failure, int at, int bar)
    {
        var time = market.Times.Span[at];
        return new LookAheadFinding(
            LookAheadFindingKind.Failure,
            at,
            time,
            null,
            null,
            bar + 1,
            $"given only the first {bar + 1} of {market.Length} bars it fails, though it passes them when it is given all: {failure.Message} It reads " +
            "bars that are not there yet.");
    }

    private static string Words(string? decision) => decision is null ? "nothing" : $"'{decision}'";
}
