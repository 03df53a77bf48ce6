using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>What a person reads of an outcome.</summary>
internal static class OutcomeText
{
    /// <summary>Prints the strategy beside its controls, and what else there is to know.</summary>
    public static void Write(TradingOutcome outcome)
    {
        WriteTable(outcome);
        var ledger = outcome.Strategy.Result.Ledger;
        Console.Out.WriteLine(
            $"Costs: commissions {ledger.Commissions:N2}, spread {ledger.Spread:N2}, slippage {ledger.Slippage:N2}, borrowing {ledger.Borrow:N2}, " +
            $"financing {ledger.Financing:N2}.");
        foreach (var note in Notes(outcome))
        {
            Console.Out.WriteLine(note);
        }

        foreach (var sentence in outcome.GuardSentences())
        {
            Console.Out.WriteLine($"Looking ahead: {sentence}");
        }
    }

    /// <summary>Prints the strategy beside its controls, and when that was.</summary>
    public static void WriteTable(TradingOutcome outcome)
    {
        var random = outcome.Random;
        Terminal.WriteTable(
            ["strategy", "return %", "a year %", "volatility %", "Sharpe", "drawdown %", "trades", "in market %", "turnover a year", "costs"],
            [
                Row(outcome.Strategy),
                Row(outcome.BuyAndHold),
                .. random is null ? [] : new[]
                {
                    new[]
                    {
                        $"random entries, mean of {random.Draws}", Percent(random.MeanReturn), "-", "-", Fixed(random.MeanSharpe, 2), "-", "-",
                        Percent(random.Exposure), "-", Fixed(random.MeanCosts, 2),
                    },
                },
            ]);
        var summary = outcome.Strategy.Summary;
        Console.Out.WriteLine(
            $"{summary.Bars:N0} bars from {summary.Start:yyyy-MM-dd} to {summary.End:yyyy-MM-dd}, {summary.InitialEquity:N2} cash at the start, " +
            $"{summary.FinalEquity:N2} at the end.");
    }

    /// <summary>What happened that the numbers do not say.</summary>
    public static IEnumerable<string> Notes(TradingOutcome outcome)
    {
        var events = outcome.Strategy.Result.Events;
        if (events.FirstOrDefault(happening => happening.Kind == BacktestEventKind.Bankruptcy) is { } bankruptcy)
        {
            yield return $"The account came to nothing at {bankruptcy.Time:u}: {bankruptcy.Message}";
        }

        if (events.Count(happening => happening.Kind == BacktestEventKind.MarginCall) is > 0 and var calls)
        {
            yield return $"Margin calls: {calls:N0}.";
        }

        if (events.Count(happening => happening.Kind == BacktestEventKind.OrderRejected) is > 0 and var rejected)
        {
            yield return
                $"Orders rejected: {rejected:N0}; the first: {events.First(happening => happening.Kind == BacktestEventKind.OrderRejected).Message}";
        }

        if (outcome.Strategy.Result.Fills.Count == 0)
        {
            yield return "The strategy traded nothing.";
        }

        if (outcome.Hint is { } hint)
        {
            yield return hint;
        }

        if (outcome.Random is { } random)
        {
            yield return
                $"Random entries with the same turnover: {100 * random.ShareBeaten:N1} % of {random.Draws:N0} did worse than the strategy; their return lies between " +
                $"{100 * random.LowReturn:N1} % and {100 * random.HighReturn:N1} % in nine of ten.";
        }
    }

    private static string[] Row(Contender contender)
    {
        var summary = contender.Summary;
        return
        [
            contender.Name, Percent(summary.TotalReturn), Percent(summary.CompoundAnnualGrowth), Percent(summary.Volatility), Fixed(summary.Sharpe, 2),
            Percent(summary.MaxDrawdown), $"{summary.Trades:N0}", Percent(InMarket(contender.Result)), Fixed(summary.Turnover, 2), Fixed(contender.Costs, 2),
        ];
    }

    /// <summary>Share of bars in the market, open trades counted too.</summary>
    private static double InMarket(BacktestResult result) =>
        ActivityStatistics.TimeInMarket([.. result.Trades, .. result.OpenTrades], result.Equity.Length);

    private static string Percent(double value) => Fixed(100 * value, 2);

    private static string Fixed(double value, int decimals) => double.IsFinite(value) ? value.ToString($"N{decimals}") : "-";
}
