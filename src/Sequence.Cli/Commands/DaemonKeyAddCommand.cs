using System.CommandLine;
using Sequence.Daemon;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon key add: prints the key, which is kept nowhere else.</summary>
internal static class DaemonKeyAddCommand
{
    public static Command Create()
    {
        var command = new Command("add", "Make a key and print it; only its hash is kept, so it cannot be shown again.");
        var folder = DaemonKeyCommand.DataDir();
        var name = DaemonKeyCommand.Name();
        var scope = new Option<string>("--scope")
        {
            Description = "What it may do: read, write, admin, or several parted by commas. None implies another.",
            Required = true,
        };
        command.Options.Add(folder);
        command.Options.Add(name);
        command.Options.Add(scope);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var key = await new KeyFile(parsed.GetValue(folder)!).AddAsync(
                parsed.GetValue(name)!, Scopes(parsed.GetValue(scope)!), TimeProvider.System, cancellationToken);
            Console.Out.WriteLine(key);
            return ExitCode.Success;
        });
        return command;
    }

    private static KeyScopes Scopes(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(KeyScopes.None, (all, one) => all | one switch
        {
            "read" => KeyScopes.Read,
            "write" => KeyScopes.Write,
            "admin" => KeyScopes.Admin,
            _ => throw new ConfigurationException($"--scope holds '{one}'; give read, write, admin, or several parted by commas."),
        });
}
