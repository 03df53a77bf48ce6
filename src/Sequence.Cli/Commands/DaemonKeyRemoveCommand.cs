using System.CommandLine;
using Sequence.Daemon;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon key remove.</summary>
internal static class DaemonKeyRemoveCommand
{
    public static Command Create()
    {
        var command = new Command("remove", "Remove a key; a running daemon refuses it from its next request on.");
        var folder = DaemonKeyCommand.DataDir();
        var name = DaemonKeyCommand.Name();
        command.Options.Add(folder);
        command.Options.Add(name);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var left = await new KeyFile(parsed.GetValue(folder)!).RemoveAsync(parsed.GetValue(name)!, TimeProvider.System, cancellationToken);
            Console.Error.WriteLine(left > 0
                ? $"{left} keys are left."
                : "No key is left: a running daemon lets nobody in, and one that is started again serves loopback without a key.");
            return ExitCode.Success;
        });
        return command;
    }
}
