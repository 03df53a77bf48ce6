namespace Sequence.Cli.Tests;

/// <summary>Runs the command within this process.</summary>
internal static class CommandLine
{
    public static Outcome Run(params string[] arguments) => Capture(() => CommandHost.Run(arguments));

    public static Outcome Capture(Func<int> run)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newError);
            var exitCode = run();
            return new Outcome(exitCode, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    /// <summary>Runs a command that must be refused: exit code 2, nothing on standard output, no stack trace.</summary>
    public static string Refused(params string[] arguments)
    {
        var outcome = Run(arguments);
        Assert.AreEqual(2, outcome.ExitCode, $"{outcome.Error}{outcome.Output}");
        Assert.AreEqual(string.Empty, outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error);
        Assert.DoesNotContain("Exception", outcome.Error);
        return outcome.Error;
    }
}
