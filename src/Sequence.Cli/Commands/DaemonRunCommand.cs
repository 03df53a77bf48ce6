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
        var folder = new Option<string>("--data-dir")
        {
            Description = "Folder of the store and, in models/NAME, of the checkpoints; made when missing.",
            Required = true,
        };
        var urls = new Option<string>("--urls")
        {
            Description = "Where it listens, on loopback only; several parted by semicolons.",
            DefaultValueFactory = _ => DaemonOptions.DefaultUrl,
        };
        command.Options.Add(folder);
        command.Options.Add(urls);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = OptionFaults.Reword(command.Options, () =>
            {
                var read = new DaemonOptions { DataDir = parsed.GetValue(folder)!, Urls = parsed.GetValue(urls)! };
                read.Validate();
                return read;
            });
            var stopped = await DaemonHost.RunAsync(
                options,
                addresses => Console.Out.WriteLine($"Listening on {string.Join(", ", addresses)}"),
                cancellationToken);
            return stopped ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }
}
