namespace Sequence.Backtesting;

/// <summary>What every bar must hold, said once.</summary>
internal static class BarCheck
{
    /// <summary>The first thing that is wrong with a series; null when nothing is.</summary>
    public static string? Fault(BarSeries series)
    {
        if (series.Length == 0)
        {
            return $"'{series.Asset}' has no bars.";
        }

        foreach (var (name, column) in Columns(series))
        {
            if (column.Length != series.Length)
            {
                return $"'{series.Asset}' has {series.Length} times but {column.Length} values of {name}; give one for each.";
            }
        }

        var times = series.Times.Span;
        for (var index = 0; index < times.Length; index++)
        {
            if (times[index].Offset != TimeSpan.Zero)
            {
                return $"{At(series, index)} has the offset {times[index].Offset} from UTC; convert all times to UTC first, " +
                    "so that zones cannot mix.";
            }

            if (index > 0 && times[index] == times[index - 1])
            {
                return $"{At(series, index)} has the time of the bar before it; remove one of the two.";
            }

            if (index > 0 && times[index] < times[index - 1])
            {
                return $"{At(series, index)} comes before bar {index - 1} ({times[index - 1]:u}); sort the bars by time.";
            }

            var volume = series.Volume.IsEmpty ? 0 : series.Volume.Span[index];
            if (Fault(
                series.Open.Span[index], series.High.Span[index], series.Low.Span[index], series.Close.Span[index], volume) is { } fault)
            {
                return $"{At(series, index)} {fault}";
            }
        }

        return null;
    }

    /// <summary>What is wrong with one bar, as the end of a sentence; null when nothing is.</summary>
    public static string? Fault(double open, double high, double low, double close, double volume)
    {
        foreach (var (name, price) in (ReadOnlySpan<(string, double)>)[("open", open), ("high", high), ("low", low), ("close", close)])
        {
            if (!double.IsFinite(price))
            {
                return $"has a {name} of {price}; every price must be a finite number. Drop or mend the bar.";
            }

            if (price <= 0)
            {
                return $"has a {name} of {price}; prices must be positive.";
            }
        }

        if (high < low)
        {
            return $"has a high of {high} below its low of {low}.";
        }

        if (open > high || open < low || close > high || close < low)
        {
            return $"has an open of {open} or a close of {close} outside low {low} to high {high}.";
        }

        return volume is >= 0 and < double.PositiveInfinity ? null : $"has a volume of {volume}; it must be finite and not negative.";
    }

    private static string At(BarSeries series, int index) => $"Bar {index} of '{series.Asset}' ({series.Times.Span[index]:u})";

    private static IEnumerable<(string Name, ReadOnlyMemory<double> Values)> Columns(BarSeries series)
    {
        yield return ("open", series.Open);
        yield return ("high", series.High);
        yield return ("low", series.Low);
        yield return ("close", series.Close);
        if (!series.Volume.IsEmpty)
        {
            yield return ("volume", series.Volume);
        }

        foreach (var (name, column) in series.Covariates)
        {
            yield return ($"the covariate '{name}'", column);
        }
    }
}
