using System.CommandLine;
using System.CommandLine.Help;

namespace Sequence.Cli;

/// <summary>What a command does that has only subcommands.</summary>
internal static class CommandHelp
{
    /// <summary>Typed alone, the command prints its help and succeeds.</summary>
    public static T ShowingHelp<T>(this T command)
        where T : Command
    {
        command.SetAction(parsed => new HelpAction().Invoke(parsed));
        return command;
    }
}
