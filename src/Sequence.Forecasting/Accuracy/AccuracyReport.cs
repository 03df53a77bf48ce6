namespace Sequence.Forecasting;

/// <summary>All measures over a set of forecasts; null where a measure is undefined on them.</summary>
/// <param name="Count">Number of forecast values compared.</param>
/// <param name="MeanAbsoluteError">See <see cref="PointAccuracy.MeanAbsoluteError"/>.</param>
/// <param name="RootMeanSquaredError">See <see cref="PointAccuracy.RootMeanSquaredError"/>.</param>
/// <param name="MeanError">See <see cref="PointAccuracy.MeanError"/>.</param>
/// <param name="MeanAbsolutePercentageError">Percent; null when an actual value is zero.</param>
/// <param name="SymmetricMeanAbsolutePercentageError">Percent, in [0, 200].</param>
/// <param name="MeanAbsoluteScaledError">
/// Mean of |y - f| / scale, each scaled by the training rows of its own series and origin; null when a scale is zero.
/// </param>
/// <param name="RootMeanSquaredScaledError">
/// Root of the mean of (y - f)^2 / scale, each scaled by the training rows of its own series and origin; null when a
/// scale is zero.
/// </param>
/// <param name="DirectionalAccuracy">In [0, 1], against the value at the origin; null when nothing moved.</param>
/// <param name="Intervals">One entry a level; empty without intervals.</param>
/// <param name="ContinuousRankedProbabilityScore">
/// Mean score from the ends of the intervals and the point forecast, which is taken as the median; null without
/// intervals.
/// </param>
public sealed record AccuracyReport(
    int Count,
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double MeanError,
    double? MeanAbsolutePercentageError,
    double SymmetricMeanAbsolutePercentageError,
    double? MeanAbsoluteScaledError,
    double? RootMeanSquaredScaledError,
    double? DirectionalAccuracy,
    IReadOnlyList<IntervalAccuracy> Intervals,
    double? ContinuousRankedProbabilityScore)
{
    /// <summary>Measures a set of rows.</summary>
    /// <param name="rows">At least one; all with the same levels.</param>
    /// <exception cref="ModelException">There is no row, or the levels differ between rows.</exception>
    public static AccuracyReport Of(IReadOnlyList<ForecastRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var actual = Column(rows, row => row.Actual);
        var mean = Column(rows, row => row.Mean);
        PointAccuracy.RequirePairs(actual, mean);
        var levels = rows[0].Intervals.Select(bounds => bounds.Level).ToArray();
        if (rows.Any(row => !row.Intervals.Select(bounds => bounds.Level).SequenceEqual(levels)))
        {
            throw new ModelException(
                $"An accuracy report needs the levels [{string.Join(", ", levels)}] in every row, but some rows have others.");
        }

        return new AccuracyReport(
            rows.Count,
            PointAccuracy.MeanAbsoluteError(actual, mean),
            PointAccuracy.RootMeanSquaredError(actual, mean),
            PointAccuracy.MeanError(actual, mean),
            Defined(PointAccuracy.MeanAbsolutePercentageError(actual, mean)),
            PointAccuracy.SymmetricMeanAbsolutePercentageError(actual, mean),
            Defined(rows.Average(row => Math.Abs(row.Actual - row.Mean) / row.AbsoluteScale)),
            Defined(Math.Sqrt(rows.Average(row => (row.Actual - row.Mean) * (row.Actual - row.Mean) / row.SquaredScale))),
            Defined(PointAccuracy.DirectionalAccuracy(actual, mean, Column(rows, row => row.AtOrigin))),
            levels.Select((level, index) => OfLevel(rows, actual, level, index)).ToArray(),
            levels.Length == 0 ? null : rows.Average(row => Score(row, levels)));
    }

    private static IntervalAccuracy OfLevel(IReadOnlyList<ForecastRow> rows, double[] actual, double level, int index)
    {
        var lower = Column(rows, row => row.Intervals[index].Lower);
        var upper = Column(rows, row => row.Intervals[index].Upper);
        var tail = (100 - level) / 200;
        var pinball = DistributionAccuracy.PinballLoss(actual, lower, tail)
            + DistributionAccuracy.PinballLoss(actual, upper, 1 - tail);
        return new IntervalAccuracy(
            level, DistributionAccuracy.Coverage(actual, lower, upper), upper.Zip(lower, (u, l) => u - l).Average(), pinball / 2);
    }

    private static double Score(ForecastRow row, double[] levels)
    {
        var count = levels.Length;
        var probabilities = new double[(2 * count) + 1];
        var quantiles = new double[(2 * count) + 1];
        for (var index = 0; index < count; index++)
        {
            probabilities[count - 1 - index] = (100 - levels[index]) / 200;
            probabilities[count + 1 + index] = (100 + levels[index]) / 200;
            quantiles[count - 1 - index] = row.Intervals[index].Lower;
            quantiles[count + 1 + index] = row.Intervals[index].Upper;
        }

        probabilities[count] = 0.5;
        quantiles[count] = row.Mean;
        return DistributionAccuracy.ContinuousRankedProbabilityScore(row.Actual, probabilities, quantiles);
    }

    private static double[] Column(IReadOnlyList<ForecastRow> rows, Func<ForecastRow, double> select)
    {
        var column = new double[rows.Count];
        for (var index = 0; index < column.Length; index++)
        {
            column[index] = select(rows[index]);
        }

        return column;
    }

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;
}
