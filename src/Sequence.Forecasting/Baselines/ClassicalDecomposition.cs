namespace Sequence.Forecasting;

/// <summary>
/// Classical decomposition by centred moving averages (Hyndman and Athanasopoulos, Forecasting: principles and practice,
/// 3rd edition, section 3.4).
/// </summary>
internal static class ClassicalDecomposition
{
    /// <summary>
    /// The season of each phase: the mean over the rows of that phase of value - trend (or value / trend), then shifted
    /// to a mean of 0 (or scaled to a mean of 1).
    /// </summary>
    /// <param name="values">At least two seasons; positive for a multiplicative season.</param>
    /// <param name="period">Rows in a season, at least 2.</param>
    /// <param name="season">Additive or multiplicative.</param>
    /// <returns>[period], where row t has phase t mod period.</returns>
    internal static double[] SeasonalIndices(ReadOnlySpan<double> values, int period, SeasonComponent season)
    {
        var sums = new double[period];
        var counts = new int[period];
        var half = period / 2;
        for (var row = half; row < values.Length - half; row++)
        {
            // An even period has no middle row, so the two ends count half each (a 2 x m moving average).
            var trend = 0.0;
            for (var offset = -half; offset <= half; offset++)
            {
                var weight = period % 2 == 0 && Math.Abs(offset) == half ? 0.5 : 1;
                trend += weight * values[row + offset] / period;
            }

            sums[row % period] += season == SeasonComponent.Additive ? values[row] - trend : values[row] / trend;
            counts[row % period]++;
        }

        var indices = sums.Zip(counts, (sum, count) => sum / count).ToArray();
        var mean = indices.Average();
        for (var phase = 0; phase < period; phase++)
        {
            indices[phase] = season == SeasonComponent.Additive ? indices[phase] - mean : indices[phase] / mean;
        }

        return indices;
    }

    /// <summary>The values without their season.</summary>
    internal static double[] Deseasonalise(ReadOnlySpan<double> values, ReadOnlySpan<double> indices, SeasonComponent season)
    {
        var result = values.ToArray();
        if (season != SeasonComponent.None)
        {
            for (var row = 0; row < result.Length; row++)
            {
                var index = indices[row % indices.Length];
                result[row] = season == SeasonComponent.Additive ? result[row] - index : result[row] / index;
            }
        }

        return result;
    }
}
