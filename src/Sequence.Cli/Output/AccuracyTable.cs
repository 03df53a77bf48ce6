using Sequence.Forecasting;

namespace Sequence.Cli;

/// <summary>Measures of several forecasters beside each other.</summary>
internal static class AccuracyTable
{
    public static void Write(IEnumerable<(string Name, AccuracyReport Accuracy)> models)
    {
        var rows = models.ToArray();
        Terminal.WriteTable(
            [
                "model", "MAE", "RMSE", "MASE", "sMAPE %", "direction %", "CRPS",
                .. rows[0].Accuracy.Intervals.Select(interval => $"cover {interval.Level} %"),
            ],
            rows.Select(row => new[]
            {
                row.Name,
                Terminal.Number(row.Accuracy.MeanAbsoluteError),
                Terminal.Number(row.Accuracy.RootMeanSquaredError),
                Terminal.Number(row.Accuracy.MeanAbsoluteScaledError),
                Terminal.Number(row.Accuracy.SymmetricMeanAbsolutePercentageError),
                Terminal.Number(100 * row.Accuracy.DirectionalAccuracy),
                Terminal.Number(row.Accuracy.ContinuousRankedProbabilityScore),
            }.Concat(row.Accuracy.Intervals.Select(interval => Terminal.Number(interval.Coverage))).ToArray()));
    }
}
