using System.CommandLine;
using Sequence.Cli.Backtests;

namespace Sequence.Cli;

/// <summary>The options that every backtest has: its configuration and where the results go.</summary>
internal sealed class BacktestInput
{
    private readonly Option<string> _config = new("--config") { Description = "Configuration file (JSON with comments); see: sequence backtest config.", Required = true };
    private readonly Option<string?> _out = new("--out") { Description = "Folder for the results; goes before report.folder of the configuration." };

    public BacktestInput(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_out);
    }

    /// <summary>Reads the configuration.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="needs">Sections that the command cannot do without.</param>
    /// <exception cref="ConfigurationException">Lists every fault of the file.</exception>
    public BacktestConfig Read(ParseResult parsed, params IReadOnlyList<string> needs) =>
        BacktestConfig.Read(parsed.GetValue(_config)!, needs);

    /// <summary>Prepares the folder for the results; null when neither command line nor configuration names one.</summary>
    /// <exception cref="ConfigurationException">It cannot be written to.</exception>
    public string? Folder(ParseResult parsed, BacktestConfig config) =>
        (parsed.GetValue(_out) ?? config.Report.Folder) is { } folder ? OutputFolder.Prepare(folder) : null;
}
