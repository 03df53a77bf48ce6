using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>
/// Compares the newest observations of a series with a reference. The reference is what the model can have been trained on: the rows
/// up to the time it was trained, where the series has enough of them, otherwise the first rows of the series. Both are read from the
/// store, so that a series in memory holds neither.
/// </summary>
internal static class InputDrift
{
    private const int FewestRows = 50;

    /// <summary>The comparison.</summary>
    /// <param name="store">Holds the observations.</param>
    /// <param name="definition">The series.</param>
    /// <param name="newest">Its newest observations, oldest first.</param>
    /// <param name="reading">How the model reads them.</param>
    /// <param name="referenceRows">Rows of the reference, at most.</param>
    /// <returns>Null when there are too few rows, or they cannot be scaled.</returns>
    public static async Task<InputReport?> CompareAsync(
        IObservationStore store, SeriesDefinition definition, IReadOnlyList<Observation> newest, ModelReading reading, int referenceRows)
    {
        var lag = reading.Scaler?.Lag ?? 0;
        if (newest.Count < FewestRows + lag)
        {
            return null;
        }

        var reference = await ReferenceAsync(store, definition, newest[0].EventTime, reading.TrainedAt, referenceRows);
        if (reference.Count < FewestRows + lag)
        {
            return null;
        }

        try
        {
            var (before, now) = (Read(reference), Read(newest));
            var test = KolmogorovSmirnov.Test(before, now);
            return new InputReport(
                new PopulationStabilityIndex(before).Of(now),
                test.Statistic,
                KolmogorovSmirnov.PValue(test.Statistic, EffectiveSize(before), EffectiveSize(now)),
                reference[0].EventTime,
                reference[^1].EventTime,
                newest[0].EventTime,
                newest[^1].EventTime);
        }
        catch (SequenceException)
        {
            // A value that the model could not take either, such as the log-return of one at or below 0.
            return null;
        }

        double[] Read(IReadOnlyList<Observation> rows)
        {
            double[] values = [.. rows.Select(row => row.Value)];
            if (reading.Scaler is not { } scaler)
            {
                return values;
            }

            var scaled = new double[values.Length - lag];
            scaler.Transform(values, scaled);
            return scaled;
        }
    }

    /// <summary>It is the same in any unit, but the squares of very large values have no sum.</summary>
    private static double EffectiveSize(double[] stretch)
    {
        var unit = stretch.Max(Math.Abs);
        return KolmogorovSmirnov.EffectiveSize(unit > 1e100 ? Array.ConvertAll(stretch, value => value / unit) : stretch);
    }

    private static async Task<IReadOnlyList<Observation>> ReferenceAsync(
        IObservationStore store, SeriesDefinition definition, DateTimeOffset before, DateTimeOffset? trainedAt, int rows)
    {
        if (trainedAt is { } trained)
        {
            var from = definition.Frequency.Add(trained, -rows);
            var page = await PageAsync(from);
            var known = page.Where(row => row.EventTime <= trained).ToArray();
            if (known.Length >= FewestRows)
            {
                return known;
            }
        }

        return await PageAsync(null);

        async Task<IReadOnlyList<Observation>> PageAsync(DateTimeOffset? after)
        {
            var page = await store.ReadAsync(definition.Id, new ObservationQuery { After = after, Limit = rows });
            return [.. page.Where(row => row.EventTime < before)];
        }
    }
}
