using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>Checks shared by the statistics. NaN is a missing observation and passes; infinity does not.</summary>
internal static class StatisticsGuard
{
    internal static void Returns(ReadOnlySpan<double> returns, string name = "returns")
    {
        for (var index = 0; index < returns.Length; index++)
        {
            if (double.IsInfinity(returns[index]))
            {
                throw new DataFormatException(
                    $"{name}[{index}] is {returns[index]}; a return is finite, or NaN where it is missing. A price of zero makes such a return.");
            }
        }
    }

    internal static void SameLength(ReadOnlySpan<double> returns, ReadOnlySpan<double> other, string name)
    {
        if (returns.Length != other.Length)
        {
            throw new DataFormatException(
                $"There are {returns.Length} returns and {other.Length} of {name}; give one for each period, aligned with {nameof(ReturnSeries)}.{nameof(ReturnSeries.Align)}.");
        }
    }

    internal static void PeriodsPerYear(double periodsPerYear)
    {
        if (!(periodsPerYear > 0) || double.IsInfinity(periodsPerYear))
        {
            throw new ConfigurationException(
                $"periodsPerYear is {periodsPerYear}; give a positive number, such as 252 for business days or 12 for months.");
        }
    }

    internal static void Finite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ConfigurationException($"{name} is {value}; give a finite number.");
        }
    }

    internal static void Probability(double value, string name)
    {
        if (!(value is > 0 and < 1))
        {
            throw new ConfigurationException($"{name} is {value}; give a probability above 0 and below 1, such as 0.05.");
        }
    }
}
