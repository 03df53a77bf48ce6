using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// Looks for a strategy that uses what it cannot know. The strategy is run on the whole market and on the market cut after
/// sampled bars: whatever it decides up to the cut must be the same, because nothing after the cut can have been known. Fills
/// in the bar that decided them are found as well.
/// </summary>
/// <remarks>
/// A forecaster or scaler is seen into when the strategy makes it from <see cref="StrategySetup.Market"/>, as
/// <see cref="ForecastSource.FromMarket"/> does. What a strategy brings along cannot be cut and so not be seen: a table of
/// forecasts made beforehand, parameters chosen on the same bars, an array or a file read outside the market, bars that were
/// already revised or adjusted by what came later. Nor is a leak seen that changes no decision at any sampled bar; more samples
/// see more.
/// </remarks>
/// <example>
/// <code>
/// LookAheadGuard.Check(market, strategy, options).ThrowIfLooksAhead();
/// </code>
/// </example>
public static class LookAheadGuard
{
    /// <summary>Checks a strategy.</summary>
    /// <param name="market">Bars; at least 2 with a decision between them say something.</param>
    /// <param name="strategy">What to check. It must decide the same whenever it is run on the same bars.</param>
    /// <param name="options">Account and rules of the backtest; null takes the defaults.</param>
    /// <param name="guardOptions">How closely to look; null takes the defaults.</param>
    /// <param name="cancellationToken">Stops inside a run.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="DataFormatException">The market has fewer bars than the strategy needs before its first decision.</exception>
    /// <exception cref="StrategyException">The strategy threw on the whole market.</exception>
    public static LookAheadReport Check(
        Market market,
        Strategy strategy,
        BacktestOptions? options = null,
        LookAheadOptions? guardOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(strategy);
        guardOptions ??= new LookAheadOptions();
        guardOptions.Validate();

        // Closing at the end is a decision of the engine, and the end of a cut market is another one.
        options = (options ?? new BacktestOptions()) with { CloseAtEnd = false };
        var decisions = new List<Decision>();
        var result = Backtest.Run(market, strategy, options, decisions.Add, cancellationToken);
        var samples = SampledBars.Draw(
            market.Length, result.WarmUpBar, [.. decisions.Select(decision => decision.Bar).Distinct()], guardOptions);
        var check = new CutCheck(market, strategy, options, decisions);
        var findings = new LookAheadFinding?[samples.Length];
        Parallel.For(
            0,
            samples.Length,
            new ParallelOptions { MaxDegreeOfParallelism = guardOptions.Workers, CancellationToken = cancellationToken },
            index => findings[index] = check.At(samples[index], cancellationToken));
        var earliest = findings.OfType<LookAheadFinding>().MinBy(finding => finding.Bar);
        if (earliest is not null && check.Repeated(cancellationToken) is { } notRepeatable)
        {
            earliest = notRepeatable;
        }

        if (SameBarFill(market, result) is { } sameBar && (earliest is null || sameBar.Bar < earliest.Bar))
        {
            earliest = sameBar;
        }

        return new LookAheadReport(strategy.Name, samples, earliest);
    }

    private static LookAheadFinding? SameBarFill(Market market, BacktestResult result)
    {
        // The engine closes what is left of a bankrupt account at once, which nobody decided.
        var end = result.Events.FirstOrDefault(happening => happening.Kind == BacktestEventKind.Bankruptcy)?.Bar ?? int.MaxValue;
        if (result.Fills.FirstOrDefault(fill => fill.Bar <= fill.DecisionBar && fill.DecisionBar < end) is not { } fill)
        {
            return null;
        }

        var time = market.Times.Span[fill.DecisionBar];
        return new LookAheadFinding(
            LookAheadFindingKind.SameBarFill,
            fill.DecisionBar,
            time,
            $"{(fill.Size > 0 ? "buy" : "sell")} {fill.Asset} units {Math.Abs(fill.Size)} filled at {fill.Price}",
            null,
            market.Length,
            $"the order to {(fill.Size > 0 ? "buy" : "sell")} '{fill.Asset}' decided after the close of bar {fill.DecisionBar} ({time:u}) was filled " +
            $"in bar {fill.Bar} at {fill.Price}, a price the decision already knew. Fill at the next open: leave TradeOnClose at false.");
    }
}
