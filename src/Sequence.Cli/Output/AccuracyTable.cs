using Sequence.Forecasting;

namespace Sequence.Cli;

/// <summary>Measures of several forecasters beside each other.</summary>
internal static class AccuracyTable
{
    public static void Write(IEnumerable<(string Name, AccuracyReport Accuracy)> models)
    {
        var rows = models.ToArray();
        var error = Terminal.ColumnFormat(rows.SelectMany(row => new double?[]
        {
            row.Accuracy.MeanAbsoluteError, row.Accuracy.RootMeanSquaredError, row.Accuracy.ContinuousRankedProbabilityScore,
        }));
        Terminal.WriteTable(
            [
                "model", "MAE", "RMSE", "MASE", "sMAPE %", "direction %", "CRPS",
                .. rows[0].Accuracy.Intervals.Select(interval => $"cover {interval.Level} %"),
            ],
            rows.Select(row => new[]
            {
                row.Name,
                error(row.Accuracy.MeanAbsoluteError),
                error(row.Accuracy.RootMeanSquaredError),
                Fixed(row.Accuracy.MeanAbsoluteScaledError, 3),
                Fixed(row.Accuracy.SymmetricMeanAbsolutePercentageError, 3),
                Fixed(100 * row.Accuracy.DirectionalAccuracy, 1),
                error(row.Accuracy.ContinuousRankedProbabilityScore),
            }.Concat(row.Accuracy.Intervals.Select(interval => Fixed(interval.Coverage, 1))).ToArray()));
    }

    private static string Fixed(double? value, int decimals) =>
        value is { } number && double.IsFinite(number) ? number.ToString($"N{decimals}") : "-";
}
