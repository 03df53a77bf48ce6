using System.Globalization;
using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>Returns by year and month.</summary>
internal static class MonthlySection
{
    private const int Months = 12;
    private const string Decimals = "0.0";

    public static void AddTo(HtmlReport report, EquityCurve equity)
    {
        var returns = MonthlyReturns.Of(equity);
        int[] years = [.. Enumerable.Range(returns.FirstYear, returns.Years)];
        double[] all = [.. years.SelectMany(year => Enumerable.Range(1, Months).Select(month => Math.Abs(returns.Month(year, month)))).Where(double.IsFinite).Order()];

        // The colour is full at the ninth decile, so that one extreme month does not pale the others.
        var full = all.Length == 0 ? 0 : all[(int)(0.9 * (all.Length - 1))];
        var rows = years.Select(year => new ReportRow(
        [
            new ReportCell(year.ToString(CultureInfo.InvariantCulture)),
            .. Enumerable.Range(1, Months).Select(month => Cell(returns.Month(year, month), full)),
            new ReportCell(100 * returns.Year(year)) { Format = Decimals, IsBest = true },
        ]));
        var names = Enumerable.Range(1, Months).Select(CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName);
        report.AddHeading("Returns by month").AddTable(new ReportTable(
            ["year", .. names, "year"],
            [.. rows],
            "In per cent: last worth of a month over that of the month before, less 1; the first counts from the first bar. Blue gained, orange lost. \u2013 has no bar.")
        {
            IsDense = true,
        });
    }

    private static ReportCell Cell(double value, double full) => new(100 * value)
    {
        Format = Decimals,
        Shade = double.IsNaN(value) ? null : full > 0 ? value / full : 0,
        Title = double.IsNaN(value) ? "There is no bar in this month." : null,
    };
}
