using System.CommandLine;
using Sequence.Cli.Backtests;

namespace Sequence.Cli.Commands;

/// <summary>sequence backtest config: a complete configuration to begin with.</summary>
internal static class BacktestConfigCommand
{
    public static Command Create()
    {
        var command = new Command(
            "config",
            "Print a complete configuration, with comments, that runs on the shipped sample: sequence backtest config > backtest.json.");
        command.SetAction(_ =>
        {
            Console.Out.Write(SampleConfig.Text);
            return ExitCode.Success;
        });
        return command;
    }
}
