using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence model.</summary>
internal static class ModelCommand
{
    public static Command Create() => new Command("model", "Models: list, describe, train, evaluate, forecast.")
    {
        ModelListCommand.Create(),
        ModelDescribeCommand.Create(),
        ModelTrainCommand.Create(),
        ModelEvaluateCommand.Create(),
        ModelForecastCommand.Create(),
    }.ShowingHelp();
}
