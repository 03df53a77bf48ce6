using System.CommandLine;
using System.Text.Json;

namespace Sequence.Cli.Tests.Hosting;

[TestClass]
public sealed class CommandHostTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("data")]
    [DataRow("model")]
    public void Run_NothingAsked_PrintsTheHelpAndSucceeds(string command)
    {
        var outcome = CommandLine.Run(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.AreEqual(0, outcome.ExitCode);
        Assert.Contains("Usage:", outcome.Output);
        Assert.Contains("Commands:", outcome.Output);
        Assert.AreEqual(string.Empty, outcome.Error);
    }

    [TestMethod]
    [DataRow("quickstart")]
    [DataRow("data list")]
    [DataRow("data fetch")]
    [DataRow("data generate")]
    [DataRow("data describe")]
    [DataRow("model list")]
    [DataRow("model describe")]
    [DataRow("model train")]
    [DataRow("model evaluate")]
    [DataRow("model forecast")]
    [DataRow("doctor")]
    public void Run_HelpOfACommand_NamesItsOptions(string command)
    {
        var outcome = CommandLine.Run([.. command.Split(' '), "--help"]);
        Assert.AreEqual(0, outcome.ExitCode);
        Assert.Contains($"{command} ", outcome.Output);
        Assert.Contains("--json", outcome.Output);
    }

    [TestMethod]
    public void Run_Version_PrintsIt()
    {
        var outcome = CommandLine.Run("--version");
        Assert.AreEqual(0, outcome.ExitCode);
        Assert.MatchesRegex(@"^\d+\.\d+\.\d+", outcome.Output);
    }

    [TestMethod]
    [DataRow("nonsense", "'nonsense'", "sequence --help")]
    [DataRow("model nonsense", "'nonsense'", "sequence model --help")]
    [DataRow("model list --nonsense", "'--nonsense'", "sequence model list --help")]
    [DataRow("model train --data x", "--out", "sequence model train --help")]
    [DataRow("model train --data x --out y --horizon two", "--horizon is 'two'; it takes a whole number", "--help")]
    [DataRow("model train --data x --out y --learning-rate fast", "--learning-rate is 'fast'; it takes a number", "--help")]
    [DataRow("model train --data x --out y --seed -1", "--seed is '-1'", "--help")]
    [DataRow("model train --data x --out y --loss cubic", "--loss is 'cubic'; choose one of: squared, absolute, huber", "--help")]
    [DataRow("model train --data x --out y --loss cross-entropy", "choose one of: squared, absolute, huber.", "--help")]
    [DataRow("model train --data x --out y --optimiser adam", "adam-w", "--help")]
    [DataRow("data describe --data x --missing Forward_Fill", "error, drop, forward-fill, interpolate", "--help")]
    [DataRow("model forecast --data x --engine abacus", "abacus", "--help")]
    public void Run_WrongUsage_SaysWhatAndWhereHelpIs(string line, string fault, string hint)
    {
        var error = CommandLine.Refused(line.Split(' '));
        Assert.Contains(fault, error);
        Assert.Contains(hint, error);
    }

    [TestMethod]
    public void Run_EveryCommandThatNeedsNoFile_PrintsJsonAndNothingElse()
    {
        foreach (var line in new[] { "data list --json", "model list --json", "doctor --json", "data generate random-walk --set rows=9 --json" })
        {
            var outcome = CommandLine.Run(line.Split(' '));
            Assert.AreEqual(string.Empty, outcome.Error, line);
            Assert.AreNotEqual(JsonValueKind.Null, JsonDocument.Parse(outcome.Output).RootElement.ValueKind, line);
        }
    }

    [TestMethod]
    public void Run_FaultsOfEachKind_GiveTheirExitCode()
    {
        Assert.AreEqual(2, Failing(new ConfigurationException("option")).ExitCode);
        Assert.AreEqual(2, Failing(new SequenceException("file")).ExitCode);
        Assert.AreEqual(2, Failing(new UnauthorizedAccessException("folder")).ExitCode);
        Assert.AreEqual(1, Failing(new ModelException("loss")).ExitCode);
        var unexpected = Failing(new InvalidOperationException("the cause"));
        Assert.AreEqual(1, unexpected.ExitCode);
        Assert.StartsWith("This is a fault in Sequence", unexpected.Error);
        Assert.Contains("the cause", unexpected.Error);

        static Outcome Failing(Exception error)
        {
            var command = new Command("fail");
            command.SetAction(int (_) => throw error);
            return CommandLine.Capture(() => CommandHost.Run(new RootCommand { command }, ["fail"]));
        }
    }
}
