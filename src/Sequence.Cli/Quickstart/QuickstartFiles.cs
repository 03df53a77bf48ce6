using Sequence.Data;
using Sequence.Reporting;
using Sequence.Training;

namespace Sequence.Cli.Quickstart;

/// <summary>Writes what a quickstart found, each file whole or not at all.</summary>
internal static class QuickstartFiles
{
    public static async Task<QuickstartOutput> WriteAsync(
        string folder, QuickstartRun run, QuickstartResult result, CancellationToken cancellationToken)
    {
        var files = new QuickstartOutput(
            Path.Combine(folder, CheckpointOption.FolderName),
            Path.Combine(folder, "forecast.csv"),
            Path.Combine(folder, "evaluation.csv"),
            Path.Combine(folder, "metrics.json"),
            Path.Combine(folder, ForecastReport.FileName),
            result.Trading is null ? null : Path.Combine(folder, QuickstartBacktest.FolderName, BacktestReport.FileName));
        var main = result.Evaluations[0];
        NeuralCheckpoint.Write(
            files.Checkpoint,
            result.Model,
            new Panel([run.Series]),
            run.Target,
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["meanAbsoluteError"] = main.Accuracy.MeanAbsoluteError,
                ["rootMeanSquaredError"] = main.Accuracy.RootMeanSquaredError,
            },
            TimeProvider.System.GetUtcNow());
        await ForecastFile.WriteAsync(files.Forecast, [result.Forecast], cancellationToken);
        main.Table.WriteCsv(files.Evaluation);
        await TextFile.WriteAsync(files.Metrics, JsonOutput.ToText(Summary(run, result, files)) + "\n", cancellationToken);
        if (result.Trading is { } trading)
        {
            await QuickstartBacktest.WriteAsync(
                Path.Combine(folder, QuickstartBacktest.FolderName), main.Forecaster, trading, cancellationToken);
        }

        await QuickstartReport.Create(run, result).WriteAsync(folder, cancellationToken);
        return files;
    }

    /// <summary>The result as --json prints it and metrics.json holds it.</summary>
    public static object Summary(QuickstartRun run, QuickstartResult result, QuickstartOutput files) => new
    {
        Data = new { run.Source, run.Target, Description = DataDescription.Describe(run.Series), Fingerprint = DataFingerprint.Compute(run.Series) },
        run.Horizon,
        run.Seed,
        Origins = result.Evaluations[0].Folds,
        Models = result.Evaluations.Select(one => new
        {
            Name = one.Forecaster,
            Kind = result.NeuralNames.Contains(one.Forecaster, StringComparer.Ordinal) ? "neural" : "baseline",
            one.Accuracy,
            one.AccuracyByStep,
        }),
        Training = new { result.Model.Name, result.Training.BestEpoch, result.Training.History },
        result.Forecast,
        Backtest = result.Trading is not { } trading ? null : new
        {
            Strategy = trading.Strategy.Name,
            trading.Strategy.Summary,
            trading.Strategy.Costs,
            BuyAndHold = trading.BuyAndHold.Summary,
        },
        Files = files,
        result.Seconds,
    };
}
