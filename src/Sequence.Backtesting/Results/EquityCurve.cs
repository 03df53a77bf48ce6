using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>The worth of an account bar by bar: cash plus positions at the close.</summary>
public sealed class EquityCurve
{
    /// <summary>Creates a curve.</summary>
    /// <param name="times">Times of the bars, strictly increasing.</param>
    /// <param name="values">Worth at the close of each, in cash; [times].</param>
    /// <exception cref="DataFormatException">Lengths differ, the curve is empty, times do not increase, or a value is not finite.</exception>
    public EquityCurve(ReadOnlyMemory<DateTimeOffset> times, ReadOnlyMemory<double> values)
    {
        if (times.Length != values.Length || times.IsEmpty)
        {
            throw new DataFormatException(
                $"An equity curve has {times.Length} times and {values.Length} values; give one value for each of at least one time.");
        }

        var moments = times.Span;
        var worths = values.Span;
        for (var index = 0; index < worths.Length; index++)
        {
            if (!double.IsFinite(worths[index]))
            {
                throw new DataFormatException($"Equity at bar {index} ({moments[index]:u}) is {worths[index]}; it must be finite.");
            }

            if (index > 0 && moments[index] <= moments[index - 1])
            {
                throw new DataFormatException(
                    $"Equity bar {index} ({moments[index]:u}) does not come after bar {index - 1} ({moments[index - 1]:u}).");
            }
        }

        Times = times;
        Values = values;
    }

    /// <summary>Times of the bars, strictly increasing.</summary>
    public ReadOnlyMemory<DateTimeOffset> Times { get; }

    /// <summary>Worth at the close of each bar, in cash.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>Number of bars.</summary>
    public int Length => Values.Length;

    /// <summary>Simple returns bar to bar, r[t] = E[t+1] / E[t] - 1; one fewer than bars. A return from zero worth is zero.</summary>
    public double[] Returns()
    {
        var values = Values.Span;
        var returns = new double[values.Length - 1];
        for (var index = 0; index < returns.Length; index++)
        {
            returns[index] = values[index] == 0 ? 0 : (values[index + 1] / values[index]) - 1;
        }

        return returns;
    }
}
