using System.CommandLine;
using Sequence.Backtesting;
using Sequence.Cli.Backtests;

namespace Sequence.Cli.Commands;

/// <summary>sequence backtest run: a strategy beside buy-and-hold, searched for looking ahead.</summary>
internal static class BacktestRunCommand
{
    public static Command Create()
    {
        var command = new Command(
            "run",
            "Run a strategy beside buy-and-hold, with its costs, and search it for looking ahead; a finding ends with exit code 1.");
        var input = new BacktestInput(command);
        var noGuard = new Option<bool>("--no-guard") { Description = "Leave out the search for looking ahead." };
        var json = JsonOption.Create();
        command.Options.Add(noGuard);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var config = input.Read(parsed, "strategy");
            var folder = input.Folder(parsed, config);
            var outcome = Compute(config, !parsed.GetValue(noGuard), cancellationToken);
            var result = OutcomeFiles.Json(outcome, folder);
            var page = folder is null ? null : await OutcomeFiles.WriteAsync(folder, config, outcome, result, null, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(result);
            }
            else
            {
                OutcomeText.Write(outcome);
                if (page is not null)
                {
                    Console.Out.WriteLine($"Report: {page}");
                }
            }

            if (outcome.LooksAhead)
            {
                Console.Error.WriteLine($"Strategy '{outcome.Strategy.Name}' looks ahead, so its results mean nothing: {outcome.Guard!.Finding!.Message}");
                return ExitCode.Failed;
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static TradingOutcome Compute(BacktestConfig config, bool isGuarded, CancellationToken cancellationToken)
    {
        var plan = config.Strategy!;
        var market = config.Data.ReadMarket(cancellationToken);
        config.Account.Validate(market);
        if (!plan.UsesForecasts)
        {
            var strategy = plan.Make(plan.Source(new([])));
            var run = Terminal.WithProgress(
                "trading", progress => TradingOutcome.Run(config, market, strategy, null, progress, cancellationToken));
            return isGuarded ? run with { Guard = Search(config, market, strategy, cancellationToken) } : run;
        }

        var walk = new MarketWalk(config, market);
        var table = Terminal.WithProgress(
            "forecasting", progress => walk.MakeAsync(null, progress, cancellationToken).GetAwaiter().GetResult());
        var onTable = plan.Make(plan.Source(table));
        var outcome = Terminal.WithProgress(
            "trading", progress => TradingOutcome.Run(config, MarketWalk.From(market, table), onTable, table, progress, cancellationToken));
        if (!isGuarded)
        {
            return outcome;
        }

        return outcome with
        {
            Guard = Terminal.WithProgress("looking ahead", progress =>
            {
                var walked = 0;
                var source = walk.Guarded(
                    plan, table, () => progress.Report(Math.Min(1, (double)Interlocked.Increment(ref walked) / config.Guard.Samples)), cancellationToken);
                return LookAheadGuard.Check(market, plan.Make(source), config.Account, config.Guard, cancellationToken);
            }),
            Blind = walk.IsRead ? "The forecasts were made beforehand; how they were made cannot be seen from here." : null,
        };
    }

    private static LookAheadReport Search(BacktestConfig config, Market market, Strategy strategy, CancellationToken cancellationToken) =>
        Terminal.WithProgress("looking ahead", _ => LookAheadGuard.Check(market, strategy, config.Account, config.Guard, cancellationToken));
}
