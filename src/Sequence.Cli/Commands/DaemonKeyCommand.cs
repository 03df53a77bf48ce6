using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon key.</summary>
internal static class DaemonKeyCommand
{
    public static Command Create() => new Command(
        "key", "Keys that let clients in; a running daemon knows of a change at its next request.")
    {
        DaemonKeyAddCommand.Create(),
        DaemonKeyListCommand.Create(),
        DaemonKeyRemoveCommand.Create(),
    }.ShowingHelp();

    public static Option<string> DataDir() => new("--data-dir") { Description = "The data folder of the daemon.", Required = true };

    public static Option<string> Name() => new("--name") { Description = "Who has the key.", Required = true };
}
