using Sequence.Backtesting;
using Sequence.Forecasting;

namespace Sequence.Cli.Backtests;

/// <summary>What a configuration's strategy came to, and what stands beside it.</summary>
/// <param name="Market">What was traded over.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="BuyAndHold">Buying and holding by the same account and costs.</param>
/// <param name="Random">Random entries that trade as much; null where none were asked for or nothing was traded.</param>
/// <param name="Forecasts">What it traded on; null without.</param>
/// <param name="Guard">What the look-ahead guard saw; null where it did not look.</param>
/// <param name="Blind">What the guard could not see; null when there is nothing of the kind.</param>
/// <param name="Hint">What the configuration probably does not mean; null for nothing.</param>
internal sealed record TradingOutcome(
    Market Market,
    Contender Strategy,
    Contender BuyAndHold,
    RandomEntryDraws? Random,
    ForecastTable? Forecasts,
    LookAheadReport? Guard,
    string? Blind,
    string? Hint)
{
    /// <summary>Whether the guard found something.</summary>
    public bool LooksAhead => Guard is { IsClean: false };

    /// <summary>Runs a strategy and its controls over one market.</summary>
    public static TradingOutcome Run(
        BacktestConfig config, Market market, Strategy strategy, ForecastTable? forecasts, IProgress<double> progress, CancellationToken cancellationToken)
    {
        // Holding needs neither of these, and target weights refuse them.
        var plain = config.Account with { PositionMode = PositionMode.Netting, ExclusiveOrders = false };
        var held = Contender.Run(market, ControlStrategies.BuyAndHold(), plain, config.Statistics, cancellationToken);
        var own = Contender.Run(
            market, strategy, config.Account, config.Statistics with { Benchmark = held.Result.Equity }, cancellationToken);
        var random = config.Report.RandomEntries == 0 ? null : RandomEntryDraws.Run(
            market, plain, config.Statistics, own.Result, config.Report.RandomEntries, config.Report.RandomSeed, progress, cancellationToken);
        return new TradingOutcome(market, own, held, random, forecasts, null, null, HintOf(config));
    }

    /// <summary>Says so when a forecast counts no more before the next one comes, which leaves the strategy flat in between.</summary>
    private static string? HintOf(BacktestConfig config)
    {
        if (config is not { Strategy: { UsesForecasts: true } strategy, Forecast: { Table: null } forecast })
        {
            return null;
        }

        var (step, age) = (forecast.Walk.Step ?? forecast.Walk.Horizon, strategy.MaximumAge ?? (strategy.StepsAhead - 1));
        return age >= step - 1
            ? null
            : $"Forecasts come every {step} bars and count for {age + 1}: between them the strategy is flat. Set strategy.stepsAhead to the horizon, or " +
              $"strategy.maximumAge to {step - 1}, if that is not meant.";
    }

    /// <summary>What the guard says, in sentences.</summary>
    public IEnumerable<string> GuardSentences()
    {
        if (Guard is not { } report)
        {
            yield break;
        }

        yield return report.Finding is { } finding
            ? $"strategy '{report.Strategy}' looks ahead: {finding.Message}"
            : $"none was found in {report.Samples.Count} runs on bars cut short.";
        if (Blind is not null)
        {
            yield return Blind;
        }
    }
}
