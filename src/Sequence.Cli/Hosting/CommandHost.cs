using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Sequence.Cli.Commands;
using Sequence.Daemon;
using Sequence.Forecasting;
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
            BacktestCommand.Create(),
            LraCommand.Create(),
            DaemonCommand.Create(),
            DoctorCommand.Create(),
        }.ShowingHelp();
        return Run(root, arguments);
    }

    internal static int Run(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine(Message(error));
            }

            Console.Error.WriteLine($"Try: sequence {CommandPath(parsed)}--help");
            return ExitCode.BadInput;
        }

        var signals = 0;
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(invocation, cancellation.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            return Explain(error);
        }

        // A second signal ends the process at once; the first lets a training save where it stands.
        void Stop(PosixSignalContext context)
        {
            if (Interlocked.Exchange(ref signals, 1) == 0)
            {
                context.Cancel = true;
                Console.Error.WriteLine("Stopping; once more ends at once.");
                cancellation.Cancel();
            }
        }
    }

    /// <summary>
    /// Says what went wrong. A model, a server or libtorch that fails is a failure; what else Sequence refuses is a matter of the
    /// command line, a file or a folder.
    /// </summary>
    private static int Explain(Exception error)
    {
        switch (error)
        {
            case LibtorchUnavailableException or FoldException { InnerException: LibtorchUnavailableException }:
                Console.Error.WriteLine(error.Message);
                Console.Error.WriteLine("Run: sequence doctor");
                return ExitCode.Failed;
            case ModelException or ServerUnavailableException or FoldException { InnerException: ModelException }:
                Console.Error.WriteLine(error.Message);
                return ExitCode.Failed;
            case SequenceException or IOException or UnauthorizedAccessException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.BadInput;
            default:
                Console.Error.WriteLine($"This is a fault in Sequence, not in what you typed: {error.Message}");
                Console.Error.WriteLine("Please report it with these details:");
                Console.Error.WriteLine(error);
                return ExitCode.Failed;
        }
    }

    private static string Message(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Tokens: [{ Value: var given }] } result)
        {
            return error.Message;
        }

        var type = Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType;
        var expected = type == typeof(int) ? $"a whole number up to {int.MaxValue}"
            : type == typeof(ulong) ? "a whole number, 0 or more"
            : type == typeof(double) ? "a number"
            : type == typeof(char) ? "a single character"
            : null;
        return expected is null ? error.Message : $"{result.Option.Name} is '{given}'; it takes {expected}.";
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is CommandResult { Command: not RootCommand } command)
            {
                names.Insert(0, command.Command.Name);
            }
        }

        return string.Concat(names.Select(name => name + " "));
    }
}
