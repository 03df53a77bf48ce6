namespace Sequence.Cli.Quickstart;

/// <summary>Where a quickstart's results are.</summary>
internal sealed record QuickstartOutput(string Checkpoint, string Forecast, string Evaluation, string Metrics, string Report, string? Backtest);
