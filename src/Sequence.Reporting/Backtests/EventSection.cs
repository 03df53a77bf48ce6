using System.Globalization;
using System.Text;
using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>Rejections, margin calls and the like.</summary>
internal static class EventSection
{
    private const int FirstOnes = 5;

    public static void AddTo(HtmlReport report, IReadOnlyList<BacktestEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var kinds = events.GroupBy(entry => entry.Kind).OrderBy(group => group.Key).ToArray();
        report.AddHeading("Events").AddTable(new ReportTable(
            ["what", "times", "first", "last"],
            [
                .. kinds.Select(group => new ReportRow(
                [
                    new ReportCell(Words(group.Key)),
                    new ReportCell(group.Count()),
                    new ReportCell(ReportTime.Text(group.First().Time)),
                    new ReportCell(ReportTime.Text(group.Last().Time)),
                ])),
            ]));
        report.AddFolded(
            string.Create(CultureInfo.InvariantCulture, $"The first {FirstOnes} of each"),
            [
                .. kinds.SelectMany(group => group.Take(FirstOnes)).Select(entry => new ReportFact(
                    $"{ReportTime.Text(entry.Time)} {entry.Asset}".TrimEnd(), $"{Words(entry.Kind)}: {entry.Message}")),
            ]);
    }

    /// <summary>OrderRejected as "order rejected".</summary>
    private static string Words(BacktestEventKind kind)
    {
        var words = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            words.Append(words.Length > 0 && char.IsUpper(letter) ? " " : string.Empty).Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
