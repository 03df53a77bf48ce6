using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon.</summary>
internal static class DaemonCommand
{
    public static Command Create() => new Command(
        "daemon", "The forecasting daemon: takes observations over HTTP and answers forecasts.")
    {
        DaemonRunCommand.Create(),
        DaemonKeyCommand.Create(),
        DaemonWorkerCommand.Create(),
    }.ShowingHelp();
}
