using System.CommandLine;
using Sequence.Daemon;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon key list.</summary>
internal static class DaemonKeyListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "The keys by their names, with what they may do.");
        var folder = DaemonKeyCommand.DataDir();
        var json = JsonOption.Create();
        command.Options.Add(folder);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var keys = new KeyFile(parsed.GetValue(folder)!).Read()
                .Select(one => new { one.Name, Scopes = one.Scopes.ToString().ToLowerInvariant(), one.Created }).ToArray();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(keys);
            }
            else
            {
                Terminal.WriteList(["name", "scopes", "made"], keys.Select(one => new[] { one.Name, one.Scopes, one.Created.ToString("u") }));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
