using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence backtest.</summary>
internal static class BacktestCommand
{
    public static Command Create() => new Command("backtest", "Trading on the past: run a strategy, walk a forecaster forward, sweep parameters.")
    {
        BacktestRunCommand.Create(),
        BacktestWalkForwardCommand.Create(),
        BacktestSweepCommand.Create(),
        BacktestConfigCommand.Create(),
    }.ShowingHelp();
}
