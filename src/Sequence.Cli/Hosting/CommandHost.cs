using System.CommandLine;
using System.Runtime.InteropServices;
using Sequence.Cli.Commands;
using Sequence.Data;
using Sequence.Torch;

namespace Sequence.Cli;

/// <summary>Parses the command line, runs the command and turns what happened into an exit code.</summary>
internal static class CommandHost
{
    public static int Run(string[] arguments)
    {
        var root = new RootCommand("Sequence: train, forecast and evaluate sequence and time-series models.")
        {
            QuickstartCommand.Create(),
            DataCommand.Create(),
            ModelCommand.Create(),
            DoctorCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine(error.Message);
            }

            Console.Error.WriteLine($"Try: sequence {CommandPath(parsed)}--help");
            return ExitCode.BadInput;
        }

        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            // A second signal ends the process at once; the first lets a training save where it stands.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(invocation, cancellation.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception error) when (Explain(error) is { } exitCode)
        {
            return exitCode;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    private static int? Explain(Exception error)
    {
        switch (error)
        {
            case ConfigurationException or DataFormatException or CheckpointException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.BadInput;
            case LibtorchUnavailableException:
                Console.Error.WriteLine(error.Message);
                Console.Error.WriteLine("Run: sequence doctor");
                return ExitCode.Failed;
            case SequenceException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.Failed;
            case IOException or UnauthorizedAccessException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.BadInput;
            default:
                Console.Error.WriteLine(error);
                Console.Error.WriteLine("This is a fault in Sequence. Please report it with the text above.");
                return ExitCode.Failed;
        }
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
            {
                names.Insert(0, command.Command.Name);
            }
        }

        return string.Concat(names.Select(name => name + " "));
    }
}
