using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence data.</summary>
internal static class DataCommand
{
    public static Command Create() => new Command("data", "Data sets: list, fetch, generate, describe.")
    {
        DataListCommand.Create(),
        DataFetchCommand.Create(),
        DataGenerateCommand.Create(),
        DataDescribeCommand.Create(),
    }.ShowingHelp();
}
