using System.Globalization;
using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>The measures of a tear sheet, with the conventions of the run written into their definitions.</summary>
internal sealed class Measures
{
    private const string Percent = "0.00%";
    private const string Ratio = "#,0.00";
    private const string Cash = "#,0.00";
    private const string FewBars = "there are fewer than two returns, or they do not vary.";

    public Measures(PerformanceOptions options, double periodsPerYear, string benchmark)
    {
        var year = double.IsNaN(periodsPerYear)
            ? "A cannot be inferred from a single bar"
            : string.Create(CultureInfo.InvariantCulture, $"A = {periodsPerYear:#,0.##} bars a year{(options.PeriodsPerYear is null ? ", inferred from the bars" : string.Empty)}");
        var free = string.Create(CultureInfo.InvariantCulture, $"risk-free rate {100 * options.RiskFreeRate:0.##} % a year");
        TotalReturn = new("Total return", Percent, summary => summary.TotalReturn, "Last worth over the first, less 1.", "the account started with nothing.");
        Growth = new(
            "Annual growth (CAGR)",
            Percent,
            summary => summary.CompoundAnnualGrowth,
            "(last / first worth)^(365.25 / days) - 1, by calendar days.",
            "no time passed, or the account ended with less than nothing.");
        Sharpe = new($"Sharpe ratio", Ratio, summary => summary.Sharpe, $"{SharpeDefinition(options.SharpeConvention)} {year}; {free}.", FewBars);
        MaxDrawdown = new(
            "Deepest drawdown",
            Percent,
            summary => summary.MaxDrawdown,
            "Least of worth over its highest so far, less 1, at closes.",
            "there is no bar.");
        Volatility = new(
            "Volatility", Percent, summary => summary.Volatility, $"Standard deviation (n - 1) of returns a bar times the root of A; {year}.", FewBars);
        Risk =
        [
            TotalReturn,
            Growth,
            Volatility,
            Sharpe,
            new(
                "Sortino ratio",
                Ratio,
                summary => summary.Sortino,
                $"{SortinoDefinition(options.SortinoConvention)} {year}; {free}.",
                "no bar lost, so that there is no downside to divide by."),
            new("Calmar ratio", Ratio, summary => summary.Calmar, "Annual growth over the depth of the deepest drawdown.", "there was no drawdown."),
            new("Omega ratio", Ratio, summary => summary.Omega, "Sum of gains over sum of losses a bar, about the risk-free return.", "no bar lost."),
            MaxDrawdown,
            new(
                "Longest drawdown, days",
                "#,0.#",
                summary => summary.MaxDrawdownDuration?.TotalDays ?? double.NaN,
                "Calendar days from a peak until it is reached again, or to the end.",
                "there was no drawdown."),
            new("Mean drawdown", Percent, summary => summary.AverageDrawdown, "Mean depth of the stretches below a peak.", "there was no drawdown."),
            new("Ulcer index", Percent, summary => summary.UlcerIndex, "Root of the mean squared drawdown (Martin).", "there is no bar."),
            new("Value at risk, 95 %", Percent, summary => summary.ValueAtRisk, "5th percentile of returns a bar, historical.", "there is no return."),
            new(
                "Conditional value at risk",
                Percent,
                summary => summary.ConditionalValueAtRisk,
                "Mean of the returns a bar at or below the value at risk.",
                "there is no return."),
            new("Tail ratio", Ratio, summary => summary.TailRatio, "95th over 5th percentile of returns a bar, in absolute value.", "the 5th percentile is zero: most bars did nothing."),
            new("Skewness", Ratio, summary => summary.Skewness, "Third standardised moment of returns a bar (population).", FewBars),
            new("Kurtosis", Ratio, summary => summary.Kurtosis, "Fourth standardised moment of returns a bar (population); 3 for a normal distribution.", FewBars),
            new("Stability", Ratio, summary => summary.Stability, "R squared of the line through the logarithm of worth.", FewBars),
            new(
                "Probabilistic Sharpe ratio",
                Percent,
                summary => summary.ProbabilisticSharpe,
                "Probability that the true Sharpe ratio is above zero, given length, skewness and kurtosis (Bailey and López de Prado 2012).",
                FewBars),
            new(
                "Minimum track record, bars",
                "#,0",
                summary => summary.MinimumTrackRecordLength,
                "Bars needed before the Sharpe ratio is above zero at 95 % confidence.",
                "the Sharpe ratio is not above zero."),
            new(
                "Alpha",
                Percent,
                summary => summary.Alpha ?? double.NaN,
                $"Return a year that beta does not explain, compounded, against {benchmark}.",
                "a curve has no alpha against itself, and none without varying returns."),
            new("Beta", Ratio, summary => summary.Beta ?? double.NaN, $"Covariance with returns of {benchmark} over their variance.", "the benchmark does not vary."),
            new(
                "Information ratio",
                Ratio,
                summary => summary.InformationRatio ?? double.NaN,
                $"Mean over standard deviation of returns above {benchmark}, times the root of A.",
                "the returns are those of the benchmark."),
        ];
        WinRate = new("Trades with profit", Percent, summary => summary.WinRate, "Closed trades with profit after commissions over all.", "no trade was closed.");
        Trading =
        [
            new("Closed trades", "#,0", summary => summary.Trades, "Trades closed, or closed parts of trades.", string.Empty),
            WinRate,
            new("Profit factor", Ratio, summary => summary.ProfitFactor, "Sum of profits over sum of losses of trades, in cash.", "no trade lost, or none was closed."),
            new("Mean profit of a trade", Cash, summary => summary.Expectancy, "Mean profit after commissions, in cash.", "no trade was closed."),
            new(
                "System quality number",
                Ratio,
                summary => summary.SystemQualityNumber,
                "Root of the number of trades times mean over standard deviation of their profits.",
                "there are fewer than two trades, or they do not vary."),
            new("Kelly fraction", Percent, summary => summary.Kelly, "Share of capital with the highest growth, from win rate and mean win over mean loss.", "no trade lost or none won."),
            new("Time in the market", Percent, summary => summary.Exposure, "Bars within a closed trade over all.", "there is no bar."),
            new("Turnover a year", Ratio, summary => summary.Turnover, "Value bought and sold in closed trades over mean worth, a year.", "no time passed."),
        ];
    }

    public Measure TotalReturn { get; }

    public Measure Growth { get; }

    public Measure Sharpe { get; }

    public Measure Volatility { get; }

    public Measure MaxDrawdown { get; }

    public Measure WinRate { get; }

    /// <summary>Measures of a curve of worth.</summary>
    public IReadOnlyList<Measure> Risk { get; }

    /// <summary>Measures of trades.</summary>
    public IReadOnlyList<Measure> Trading { get; }

    private static string SharpeDefinition(SharpeConvention convention) => convention switch
    {
        SharpeConvention.MeanOverStd => "Convention MeanOverStd: mean over standard deviation (n - 1) of excess returns a bar, times the root of A.",
        SharpeConvention.Compounded => "Convention Compounded (backtesting.py): geometric return a year over the volatility of a compounded year.",
        _ => "Convention Lean (QuantConnect): mean return a bar compounded to a year over standard deviation times the root of A.",
    };

    private static string SortinoDefinition(SortinoConvention convention) => convention switch
    {
        SortinoConvention.DownsideDeviation => "Convention DownsideDeviation: mean excess return a year over the downside deviation of all bars.",
        SortinoConvention.Compounded => "Convention Compounded (backtesting.py): geometric return a year over the downside deviation.",
        _ => "Convention Lean (QuantConnect): return a year over the standard deviation of the negative returns.",
    };
}
