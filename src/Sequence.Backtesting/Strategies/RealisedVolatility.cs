namespace Sequence.Backtesting;

internal static class RealisedVolatility
{
    /// <summary>Sample standard deviation of the last log returns, a bar; NaN without enough closes.</summary>
    public static double Of(ReadOnlySpan<double> closes, int lookBack)
    {
        if (closes.Length <= lookBack)
        {
            return double.NaN;
        }

        var recent = closes[^(lookBack + 1)..];
        var mean = Math.Log(recent[^1] / recent[0]) / lookBack;
        var squares = 0.0;
        for (var index = 1; index < recent.Length; index++)
        {
            var difference = Math.Log(recent[index] / recent[index - 1]) - mean;
            squares += difference * difference;
        }

        return Math.Sqrt(squares / (lookBack - 1));
    }
}
