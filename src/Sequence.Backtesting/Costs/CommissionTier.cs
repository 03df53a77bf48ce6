namespace Sequence.Backtesting;

/// <summary>A rate that holds from a traded value on.</summary>
/// <param name="From">Cash value traded so far from which the rate holds; 0 for the first tier.</param>
/// <param name="Rate">Share of the value of a fill; negative is a rebate.</param>
public readonly record struct CommissionTier(double From, double Rate);
