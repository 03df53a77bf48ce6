using System.Globalization;
using System.Text;

namespace Sequence.Training;

/// <summary>What <see cref="ResNlsStudy"/> found.</summary>
/// <param name="Series">Identifier of the series.</param>
/// <param name="From">First row used.</param>
/// <param name="To">Last row used.</param>
/// <param name="Rows">Rows used.</param>
/// <param name="TestFrom">First test row.</param>
/// <param name="TestRows">Number of test rows.</param>
/// <param name="ShareOfRises">Share of the test rows' moves that went up, in [0, 1].</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Table">Persistence, AR(5) and every model with every look-back, target by target.</param>
/// <param name="Trainings">Every training.</param>
public sealed record ResNlsStudyResult(
    string Series,
    DateTimeOffset From,
    DateTimeOffset To,
    int Rows,
    DateTimeOffset TestFrom,
    int TestRows,
    double ShareOfRises,
    ResNlsStudyOptions Options,
    IReadOnlyList<ResNlsStudyRow> Table,
    IReadOnlyList<ResNlsStudyTraining> Trainings)
{
    private const string ReferenceModel = "resnls";
    private const int ReferenceLookBack = 5;

    /// <summary>The tables in Markdown: the data, one table for each target, and what they say about the study's questions.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Rows} closing prices of {Series} from {From:yyyy-MM-dd} to {To:yyyy-MM-dd}; the last {TestRows}, from " +
            $"{TestFrom:yyyy-MM-dd}, are the test part. Of their moves {100 * ShareOfRises:F1} % went up. " +
            $"{Options.Seeds} seeds; at most {Options.Training.Epochs} epochs, patience {Options.Training.Patience}, batches " +
            $"of {Options.Training.BatchSize}, learning rate {Options.Training.LearningRate}, validation on the last " +
            $"{100 * Options.ValidationFraction:0.#} % of the rows before the test part.\n");
        foreach (var target in Options.Targets)
        {
            AppendTable(text, target);
        }

        AppendQuestions(text);
        return text.ToString();
    }

    private static string WithSpread(double mean, double? spread) => spread is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{mean:F2} ± {known:F2}")
        : mean.ToString("F2", CultureInfo.InvariantCulture);

    private static string Probability(double? value) => value switch
    {
        null => "-",
        < 0.001 => "< 0.001",
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };

    private void AppendTable(StringBuilder text, ResNlsStudyTarget target)
    {
        text.Append("\n### ").Append(target == ResNlsStudyTarget.LogReturn ? "Log-returns" : "Price level").Append("\n\n");
        text.Append("| model | look-back | MAE | RMSE | MAE / persistence | p, median | MAE, averaged | p, averaged |");
        text.Append(" direction % | epochs | kept |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var row in Table.Where(row => row.Target == target))
        {
            var direction = row.DirectionalAccuracy is { } share
                ? WithSpread(100 * share, 100 * row.DirectionalAccuracySpread)
                : "-";
            var epochs = row.Epochs?.ToString("F0", CultureInfo.InvariantCulture) ?? "-";
            var kept = row.BestEpoch?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Model} | {row.LookBack} | {WithSpread(row.MeanAbsoluteError, row.MeanAbsoluteErrorSpread)} | " +
                $"{WithSpread(row.RootMeanSquaredError, row.RootMeanSquaredErrorSpread)} | {row.RelativeError:F3} | " +
                $"{Probability(row.MedianPValue)} | {row.AveragedMeanAbsoluteError:F2} | " +
                $"{Probability(row.AveragedPValue)} | {direction} | {epochs} | {kept} |\n");
        }
    }

    private void AppendQuestions(StringBuilder text)
    {
        var reference = Table.FirstOrDefault(row =>
            row is { Target: ResNlsStudyTarget.LogReturn, Model: ReferenceModel, LookBack: ReferenceLookBack });
        if (reference is null)
        {
            return;
        }

        text.Append("\n### ResNLS-5 on log-returns against persistence and the LSTM on price levels\n\n");
        text.Append("| against | its MAE | ResNLS-5 / it | at most | reached |\n");
        text.Append("|---|---:|---:|---:|---|\n");
        AppendQuestion(text, "persistence", Table[0], reference, 1.01);
        foreach (var row in Table.Where(row => row is { Target: ResNlsStudyTarget.PriceLevel, Model: "lstm" }))
        {
            AppendQuestion(text, $"LSTM-{row.LookBack} on price levels", row, reference, 0.8);
        }
    }

    private static void AppendQuestion(
        StringBuilder text, string against, ResNlsStudyRow row, ResNlsStudyRow reference, double bound)
    {
        var ratio = reference.MeanAbsoluteError / row.MeanAbsoluteError;
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {against} | {WithSpread(row.MeanAbsoluteError, row.MeanAbsoluteErrorSpread)} | {ratio:F3} | {bound:F2} | " +
            $"{(ratio <= bound ? "yes" : "no")} |\n");
    }
}
