namespace Sequence.Backtesting;

/// <summary>What a <see cref="PerformanceSummary"/> is computed with.</summary>
public sealed record PerformanceOptions
{
    /// <summary>Periods a year for risk. Growth is by calendar years whatever this is.</summary>
    /// <value>Null, the default, infers it from the bars' times with <see cref="Periodicity.PeriodsPerYear"/>.</value>
    public double? PeriodsPerYear { get; init; }

    /// <summary>Annual rate free of risk, a fraction.</summary>
    /// <value>0 by default.</value>
    public double RiskFreeRate { get; init; }

    /// <summary>Which ratio <see cref="PerformanceSummary.Sharpe"/> is.</summary>
    /// <value><see cref="Backtesting.SharpeConvention.MeanOverStd"/> by default.</value>
    public SharpeConvention SharpeConvention { get; init; } = SharpeConvention.MeanOverStd;

    /// <summary>Which ratio <see cref="PerformanceSummary.Sortino"/> is.</summary>
    /// <value><see cref="Backtesting.SortinoConvention.DownsideDeviation"/> by default.</value>
    public SortinoConvention SortinoConvention { get; init; } = SortinoConvention.DownsideDeviation;

    /// <summary>Worth of what the strategy is held against, such as buying and holding; compared at the times both curves have.</summary>
    /// <value>Null by default: no comparison.</value>
    public EquityCurve? Benchmark { get; init; }

    /// <summary>Every fault; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (PeriodsPerYear is { } periods && (!(periods > 0) || double.IsInfinity(periods)))
        {
            faults.Add($"{nameof(PeriodsPerYear)} is {periods}; give a positive number, such as 252, or leave it out to infer it.");
        }

        if (!double.IsFinite(RiskFreeRate) || RiskFreeRate <= -1)
        {
            faults.Add($"{nameof(RiskFreeRate)} is {RiskFreeRate}; give an annual rate above -1, such as 0.02.");
        }

        if (!Enum.IsDefined(SharpeConvention))
        {
            faults.Add($"{nameof(SharpeConvention)} is {SharpeConvention}; give one of {string.Join(", ", Enum.GetNames<SharpeConvention>())}.");
        }

        if (!Enum.IsDefined(SortinoConvention))
        {
            faults.Add($"{nameof(SortinoConvention)} is {SortinoConvention}; give one of {string.Join(", ", Enum.GetNames<SortinoConvention>())}.");
        }

        return faults;
    }
}
