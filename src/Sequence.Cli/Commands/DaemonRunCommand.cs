using System.CommandLine;
using Sequence.Daemon;

namespace Sequence.Cli.Commands;

/// <summary>sequence daemon run: serves until it is told to stop, which is how it ends well.</summary>
internal static class DaemonRunCommand
{
    public static Command Create()
    {
        var command = new Command(
            "run", "Run the daemon until Ctrl-C or SIGTERM; it then ends what it has begun, closes its store and succeeds.");
        var folder = new Option<string?>("--data-dir")
        {
            Description = "Folder of the store, the keys and, in models/NAME, of the checkpoints; made when missing.",
        };
        var urls = new Option<string?>("--urls")
        {
            Description = $"Where it listens, several parted by semicolons; others than loopback need a key. Default: {DaemonOptions.DefaultUrl}",
        };
        var config = new Option<string?>("--config")
        {
            Description = "JSON file of options, read again when it changes or on SIGHUP; what is typed here wins over it.",
        };
        command.Options.Add(folder);
        command.Options.Add(urls);
        command.Options.Add(config);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = new DaemonConfiguration
            {
                DataDir = parsed.GetValue(folder),
                Urls = parsed.GetValue(urls),
                File = parsed.GetValue(config),
            };
            _ = OptionFaults.Reword(command.Options, configuration.Read);
            var stopped = await DaemonHost.RunAsync(
                configuration,
                addresses => Console.Out.WriteLine($"Listening on {string.Join(", ", addresses)}"),
                cancellationToken);
            return stopped ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }
}
