using Sequence.Data;

namespace Sequence.Forecasting.Tests;

internal static class Series
{
    internal static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static TimeSeries Of(params double[] values) => Named("x", values);

    internal static TimeSeries Named(string id, double[] values, int firstDay = 0) => new(
        id,
        new Frequency(FrequencyUnit.Day),
        Enumerable.Range(firstDay, values.Length).Select(day => Start.AddDays(day)).ToArray(),
        values);

    internal static double[] RandomWalk(int length, int seed)
    {
        var random = new Random(seed);
        var values = new double[length];
        for (var row = 1; row < length; row++)
        {
            values[row] = values[row - 1] + random.NextDouble() - 0.45;
        }

        return values;
    }

    internal static void AreClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.HasCount(expected.Count, actual);
        for (var index = 0; index < expected.Count; index++)
        {
            Assert.AreEqual(expected[index], actual[index], tolerance * Math.Max(1, Math.Abs(expected[index])), $"index {index}");
        }
    }
}
