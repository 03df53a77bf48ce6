using System.Globalization;
using Sequence.Daemon.Watching;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>What the watch of a series says: errors, coverage, and what has drifted.</summary>
internal static class WatchPanel
{
    public static void Add(HtmlReport page, SeriesHistory history)
    {
        page.AddHeading("Accuracy, coverage and drift");
        if (history.Watch is not { } watch)
        {
            page.AddParagraph(history.WatchFault ?? "The watch of this series is not known.");
            return;
        }

        AddFindings(page, watch.Findings);
        AddErrors(page, watch);
        AddLevels(page, watch.Levels);
        AddTests(page, watch, history.WatchOptions);
    }

    private static void AddFindings(HtmlReport page, DriftFinding[] findings)
    {
        var lasting = findings.Where(finding => finding.Until is null).Reverse().ToArray();
        if (lasting.Length == 0)
        {
            page.AddParagraph(findings.Length == 0
                ? "Nothing has drifted."
                : $"Nothing drifts now; the last finding was of {What(findings[^1])} at {DashboardText.Time(findings[^1].At)}.");
            return;
        }

        page.AddTable(new ReportTable(
            ["Drifts now", "Value", "Threshold", "Since"],
            [
                .. lasting.Select(finding => Row(finding, finding.Kind == DriftKind.Coverage ? Percent : value => Number(value))),
            ])
        { IsDense = true });

        static ReportRow Row(DriftFinding finding, Func<double, ReportCell> cell) => new(
        [
            new ReportCell(What(finding)) { IsBest = true },
            cell(finding.Value),
            cell(finding.Threshold),
            new ReportCell(DashboardText.Time(finding.At)),
        ]);
    }

    private static void AddErrors(HtmlReport page, WatchReport watch)
    {
        if (watch.OneStep.Steps == 0)
        {
            page.AddParagraph("No forecast of the present version has an outcome yet.");
            return;
        }

        ErrorMeasures[] columns = watch.AllSteps == watch.OneStep || watch.AllSteps.Steps == 0 ? [watch.OneStep] : [watch.OneStep, watch.AllSteps];
        page.AddTable(new ReportTable(
            ["Errors", .. columns.Length == 1 ? ["One step ahead"] : (string[])["One step ahead", "All steps"]],
            [
                Row("Mean absolute", one => one.MeanAbsoluteError),
                Row("Root mean squared", one => one.RootMeanSquaredError),
                Row("Bias", one => one.Bias),
                Row("To the naive", one => one.MeanAbsoluteScaledError),
                Row("Outcomes", one => one.Steps),
            ],
            "Of the version that serves now, in units of the series. Bias above 0: forecasts are too high. To the naive: mean absolute error " +
            "over that of the naive one-step forecast; below 1 is better."));

        ReportRow Row(string name, Func<ErrorMeasures, double?> measure) => new([new ReportCell(name), .. columns.Select(one => Number(measure(one)))]);
    }

    private static void AddLevels(HtmlReport page, LevelReport[] levels)
    {
        if (!levels.Any(level => level.Coverage is not null))
        {
            page.AddParagraph(levels.Length == 0 ? "The series has no intervals." : "No interval has all of its outcomes yet.");
            return;
        }

        page.AddTable(new ReportTable(
            ["Promised", "Covered", "By chance", "Verdict", "Made at"],
            [
                .. levels.Select(level => new ReportRow(
                [
                    new ReportCell(DashboardText.Level(level.Level)),
                    level.Coverage is { } coverage ? Percent(coverage) : new ReportCell("–"),
                    new ReportCell(
                        level is { Lower: { } lower, Upper: { } upper } ? string.Create(CultureInfo.InvariantCulture, $"{lower:0.#}–{upper:0.#} %") : "–")
                    {
                        Title = string.Create(CultureInfo.InvariantCulture, $"As that of {level.Independent} forecasts that do not overlap."),
                    },
                    new ReportCell(Verdict(level.Verdict)) { IsBest = level.Verdict is CoverageVerdict.UnderCovered or CoverageVerdict.OverCovered },
                    level.IsWidest || level.Effective >= 100
                        ? new ReportCell("widest") { Title = $"{DashboardText.Level(level.Effective)}, more than the calibration gives." }
                        : Percent(level.Effective),
                ])),
            ],
            string.Create(
                CultureInfo.InvariantCulture,
                $"Covered: share of {levels.Max(level => level.Steps):#,0} outcomes within their intervals. By chance: what a kept promise hardly ever leaves. ") +
            "Made at: the level that intervals are made at now, so that they cover what they promise.")
        { IsDense = true });
    }

    private static void AddTests(HtmlReport page, WatchReport watch, WatchOptions options)
    {
        List<ReportTile> tiles =
        [
            new(
                "errors: Page-Hinkley",
                DashboardText.Number(watch.ErrorDrift.Excess),
                "How far one-step errors have grown, in usual errors; above the threshold they have drifted.",
                $"threshold {DashboardText.Number(watch.ErrorDrift.Threshold)}, over {watch.ErrorDrift.Errors}"),
        ];
        if (watch.Inputs is { } inputs)
        {
            tiles.Add(new ReportTile(
                "inputs: stability index",
                inputs.PopulationStability.ToString("0.000", CultureInfo.InvariantCulture),
                "Population stability index of the newest inputs beside the reference; they have drifted when it is above the threshold and the distance is beyond chance.",
                $"threshold {DashboardText.Number(options.InputStability)}"));
            tiles.Add(new ReportTile(
                "inputs: Kolmogorov-Smirnov",
                inputs.Statistic.ToString("0.000", CultureInfo.InvariantCulture),
                "The largest distance of the two distributions; beyond chance when its p-value is below the threshold.",
                $"p {inputs.PValue.ToString("G3", CultureInfo.InvariantCulture)}, threshold {DashboardText.Number(options.InputPValue)}"));
        }

        page.AddTiles(tiles);
        page.AddNote(watch.Inputs is { } compared
            ? $"Inputs from {DashboardText.Time(compared.From)} to {DashboardText.Time(compared.To)} beside those from " +
                $"{DashboardText.Time(compared.ReferenceFrom)} to {DashboardText.Time(compared.ReferenceTo)}, as the model reads them."
            : "There are too few inputs to compare yet.");
    }

    private static string What(DriftFinding finding) => finding.Kind switch
    {
        DriftKind.Errors => "errors",
        DriftKind.Inputs => "inputs",
        _ => finding.Level is { } level ? $"coverage of {DashboardText.Level(level)}" : "coverage",
    };

    private static string Verdict(CoverageVerdict verdict) => verdict switch
    {
        CoverageVerdict.AsPromised => "kept",
        CoverageVerdict.UnderCovered => "too little",
        CoverageVerdict.OverCovered => "too much",
        _ => "too early",
    };

    private static ReportCell Percent(double value) => new(value) { Format = "0.0' %'" };

    private static ReportCell Number(double? value) => value is not { } number ? new ReportCell("–")
        : new ReportCell(number) { Format = Math.Abs(number) is > 0 and < 1e-3 or >= 1e9 ? "0.###E+0" : "#,0.####" };
}
