using System.CommandLine;

namespace Sequence.Cli.Commands;

/// <summary>sequence lra: Long Range Arena.</summary>
internal static class LraCommand
{
    public static Command Create() => new Command(
        "lra", "Long Range Arena: run a model on a task of long sequences, and see its place in the published table.")
    {
        LraListCommand.Create(),
        LraRunCommand.Create(),
        LraTableCommand.Create(),
    }.ShowingHelp();
}
