using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>Where the money went.</summary>
internal static class CostSection
{
    private const double BasisPoints = 1e4;

    /// <summary>All that trading cost.</summary>
    public static double Total(Ledger ledger) => Costs(ledger).Sum(cost => cost.Cash);

    /// <summary>What would have been earned for nothing: profit with all costs added back.</summary>
    public static double Gross(Ledger ledger) => Net(ledger) + Total(ledger);

    public static void AddTo(HtmlReport report, Ledger ledger)
    {
        var (gross, total) = (Gross(ledger), Total(ledger));
        List<ReportRow> rows = [new([new("gross profit"), Cash(gross), Share(gross, gross), new(string.Empty)])];
        if (ledger.Dividends != 0)
        {
            rows.Add(new([new("of which dividends, received less paid"), Cash(ledger.Dividends), Share(ledger.Dividends, gross), new(string.Empty)], IsMuted: true));
        }

        rows.AddRange(Costs(ledger).Select(cost => new ReportRow(
            [new(cost.Name) { Title = cost.Meaning }, Cash(-cost.Cash), Share(cost.Cash, gross), Bar(cost.Cash, total)])));
        rows.Add(new([new("all costs"), Cash(-total), Share(total, gross), Bar(total, total)]));
        rows.Add(new([new("net profit") { IsBest = true }, Cash(Net(ledger)) with { IsBest = true }, Share(Net(ledger), gross), new(string.Empty)]));
        var caption = "Gross profit is what the same fills would have earned without commissions, spread, slippage, borrowing and interest; shares are of it, bars of all costs."
            + (gross > 0 ? string.Empty : " Without a gross profit costs have no share of it.")
            + (ledger.Traded > 0
                ? $" {NumberColumn.Format(ledger.Traded, "#,0")} was bought and sold; costs are {NumberColumn.Format(BasisPoints * total / ledger.Traded, "0.0")} basis points of it."
                : string.Empty)
            + (total == 0 ? " This run assumed that trading costs nothing, which it does nowhere." : string.Empty);
        report.AddHeading("Costs").AddTable(new ReportTable(["", "cash", "share", ""], rows, caption));
    }

    private static double Net(Ledger ledger) =>
        ledger.Realised + ledger.Unrealised - ledger.Commissions - ledger.Borrow - ledger.Financing + ledger.Dividends;

    private static (string Name, double Cash, string Meaning)[] Costs(Ledger ledger) =>
    [
        ("commissions", ledger.Commissions, "Charged by the broker, rebates taken off."),
        ("spread", ledger.Spread, "Half the spread on every market and stop fill; already in the prices."),
        ("slippage", ledger.Slippage, "How far prices moved against the fills; already in the prices."),
        ("borrowing", ledger.Borrow, "Cost of borrowing what was sold short."),
        ("interest", ledger.Financing, "Interest on negative cash."),
    ];

    private static ReportCell Cash(double cash) => new(cash == 0 ? 0 : cash) { Format = "#,0.00" };

    private static ReportCell Bar(double cash, double total) => new(string.Empty) { Bar = total > 0 ? cash / total : 0 };

    private static ReportCell Share(double cash, double gross) => new(gross > 0 ? cash / gross : double.NaN)
    {
        Format = "0.0%",
        Title = gross > 0 ? null : "There was no gross profit.",
    };
}
