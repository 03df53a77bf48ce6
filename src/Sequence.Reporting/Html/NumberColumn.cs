using System.Globalization;

namespace Sequence.Reporting;

/// <summary>Formats the numbers of one column alike: so many significant digits for the largest of them.</summary>
internal sealed class NumberColumn
{
    private const double LargestPlain = 1e9;
    private const double SmallestPlain = 1e-3;

    private readonly string _format;

    public NumberColumn(IReadOnlyList<double> numbers, int significantDigits = 5)
    {
        var largest = numbers.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var isWhole = numbers.Where(double.IsFinite).All(number => number == Math.Floor(number)) && largest < LargestPlain;
        var decimals = largest == 0 ? 0 : (int)Math.Clamp(significantDigits - 1 - Math.Floor(Math.Log10(largest)), 0, 6);
        _format = isWhole ? "#,0"
            : largest is >= LargestPlain or < SmallestPlain ? "0.0000e0"
            : "#,0." + new string('0', decimals);
    }

    public string Format(double number) => Format(number, _format);

    /// <summary>A number with a true minus sign; one that is not finite is a dash.</summary>
    public static string Format(double number, string format) => double.IsFinite(number)
        ? number.ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212')
        : "\u2013";
}
