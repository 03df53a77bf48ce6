using System.Globalization;
using Sequence.Daemon.Registry;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>The versions of a registered model, and how those that run along unseen do.</summary>
internal static class ModelPanel
{
    private const int HashLength = 12;

    public static void Add(HtmlReport page, SeriesHistory history)
    {
        if (history.ModelName is not { } name)
        {
            return;
        }

        page.AddHeading("Versions of the model");
        if (history.Model is not { } model)
        {
            page.AddParagraph(history.ModelFault ?? $"Model '{name}' is not known.");
            return;
        }

        page.AddTable(new ReportTable(
            ["Version", "Serves as", "Self-check", "Added", "From"],
            [.. model.Versions.Reverse().Select(version => Row(model, version))],
            $"Model {name}, newest version first.")
        { IsDense = true });
        if (model.Scores is not { Count: > 0 } scores)
        {
            return;
        }

        page.AddTable(new ReportTable(
            ["Unseen", "Better by", "Statistic", "p-value"],
            [
                .. scores.OrderBy(one => one.Key).Select(one => new ReportRow(
                [
                    new ReportCell(Name(one.Key)) { IsBest = one.Value.IsBetter },
                    Number(one.Value.MeanLossDifference, "0.000"),
                    Number(one.Value.Statistic, "0.00"),
                    new ReportCell(one.Value.PValue is { } chance ? chance.ToString("G3", CultureInfo.InvariantCulture) : "–"),
                ])),
            ],
            "Better by: loss of the champion minus loss of the version that runs along unseen, in units of their mean squared error; " +
            "with the statistic of Diebold and Mariano and its p-value.")
        { IsDense = true });
        foreach (var (alias, verdict) in scores.OrderBy(one => one.Key))
        {
            page.AddNote($"{Capital(Name(alias))}: {verdict.Reason}");
        }
    }

    private static ReportRow Row(ModelView model, ModelVersionView version)
    {
        var aliases = model.Aliases.Where(alias => string.Equals(alias.Value, version.Version, StringComparison.Ordinal))
            .Select(alias => alias.Key).Order().ToArray();
        return new ReportRow(
            [
                new ReportCell(version.Version[..Math.Min(HashLength, version.Version.Length)]) { Title = version.Version },
                new ReportCell(aliases.Length == 0 ? "–" : string.Join(", ", aliases.Select(Name))) { IsBest = aliases.Contains(ModelAlias.Champion) },
                new ReportCell(version.Fault ?? (aliases.Length == 0 ? "not due" : "passed"))
                {
                    Title = string.Create(CultureInfo.InvariantCulture, $"Its {version.SelfCheckOutputs} outputs are compared before it serves."),
                },
                new ReportCell(version.AddedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new ReportCell(version.Source),
            ],
            IsMuted: aliases.Length == 0);
    }

    private static string Name(ModelAlias alias) => alias switch
    {
        ModelAlias.Champion => "champion",
        ModelAlias.Challenger => "challenger",
        _ => "shadow",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static ReportCell Number(double? value, string format) =>
        value is { } number ? new ReportCell(number) { Format = format } : new ReportCell("–");
}
