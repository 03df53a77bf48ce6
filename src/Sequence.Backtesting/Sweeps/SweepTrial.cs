namespace Sequence.Backtesting;

/// <summary>What one set of parameters came to. Numbers are NaN, and counts 0, where the trial failed.</summary>
/// <param name="Index">Position among the trials, from 0.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="FinalEquity">Worth of the account at the end, in cash.</param>
/// <param name="TotalReturn">FinalEquity / first equity - 1, a fraction.</param>
/// <param name="Sharpe">
/// Mean of the bars' simple returns over their standard deviation (divisor n - 1), a bar, not annualised. NaN when the returns do not vary.
/// </param>
/// <param name="Returns">Number of returns, n.</param>
/// <param name="Skewness">Third standardised moment of the returns (divisor n); NaN when they do not vary.</param>
/// <param name="Kurtosis">Fourth standardised moment (divisor n), 3 for a normal distribution, not the excess; NaN when they do not vary.</param>
/// <param name="MaximumDrawdown">Greatest fall from a peak of the equity, as a positive fraction of the peak.</param>
/// <param name="Trades">Number of closed trades.</param>
/// <param name="Fault">Why it failed; null when it did not.</param>
public sealed record SweepTrial(
    int Index,
    ParameterSet Parameters,
    double FinalEquity,
    double TotalReturn,
    double Sharpe,
    int Returns,
    double Skewness,
    double Kurtosis,
    double MaximumDrawdown,
    int Trades,
    string? Fault)
{
    internal static SweepTrial Failed(int index, ParameterSet parameters, string fault) => new(
        index, parameters, double.NaN, double.NaN, double.NaN, 0, double.NaN, double.NaN, double.NaN, 0, fault);

    internal static SweepTrial Of(int index, ParameterSet parameters, BacktestResult result)
    {
        var equity = result.Equity.Values.Span;
        var (mean, peak, drawdown) = (0.0, equity[0], 0.0);
        var count = equity.Length - 1;
        for (var bar = 0; bar < count; bar++)
        {
            mean += Return(equity, bar);
            peak = Math.Max(peak, equity[bar + 1]);
            drawdown = Math.Max(drawdown, 1 - (equity[bar + 1] / peak));
        }

        mean /= count;
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        for (var bar = 0; bar < count; bar++)
        {
            var difference = Return(equity, bar) - mean;
            var square = difference * difference;
            second += square;
            third += square * difference;
            fourth += square * square;
        }

        var variance = second / count;
        var varies = count > 1 && variance > 0;
        return new SweepTrial(
            index,
            parameters,
            equity[^1],
            (equity[^1] / equity[0]) - 1,
            varies ? mean / Math.Sqrt(second / (count - 1)) : double.NaN,
            count,
            varies ? third / count / (variance * Math.Sqrt(variance)) : double.NaN,
            varies ? fourth / count / (variance * variance) : double.NaN,
            drawdown,
            result.Trades.Count,
            null);
    }

    /// <summary>As <see cref="EquityCurve.Returns"/> has it, without an array for each trial.</summary>
    private static double Return(ReadOnlySpan<double> equity, int bar) => equity[bar] == 0 ? 0 : (equity[bar + 1] / equity[bar]) - 1;
}
