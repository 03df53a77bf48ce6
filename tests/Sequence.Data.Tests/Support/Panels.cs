using CsCheck;

namespace Sequence.Data.Tests.Support;

/// <summary>Random panels for round trips, and their comparison bit for bit.</summary>
internal static class Panels
{
    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.Double[-1e6, 1e6],
        Gen.Double.Where(double.IsFinite),
        OneOf(0.0, -0.0, double.Epsilon, double.MaxValue, 0.1, 1e-300));

    private static readonly Gen<double> ValueOrMissing =
        Gen.Select(Value, Gen.Int[0, 4], (value, dice) => dice == 0 ? double.NaN : value);

    private static readonly Gen<Frequency> AnyFrequency =
        OneOf("30S", "15min", "H", "D", "B", "W", "M", "Q", "Y").Select(Frequency.Parse);

    private static readonly Gen<string> Id = OneOf("a", "SSE Composite", "with,comma", "with \"quotes\"", "Zürich", "7", "-");

    /// <summary>Panels whose last row is complete, so that every policy leaves rows and none is read as known ahead.</summary>
    public static readonly Gen<Panel> Any =
        Gen.Select(AnyFrequency, Id.HashSet[1, 3], Gen.Int[2, 12], Gen.Int[0, 3], Value).SelectMany(
            (frequency, ids, rows, ahead, fixedValue) => Gen.Select(
                ValueOrMissing.Array[rows], ValueOrMissing.Array[rows], Value.Array[rows + ahead]).Array[ids.Count].Select(columns =>
                    new Panel(ids.Zip(columns, (id, column) => Make(
                        id, frequency, column.Item1, column.Item2, column.Item3, fixedValue)))));

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    public static void AssertSame(Panel expected, Panel actual)
    {
        Assert.HasCount(expected.Count, actual);
        foreach (var series in expected)
        {
            var other = actual[series.Id];
            Assert.AreEqual(series.Frequency, other.Frequency);
            CollectionAssert.AreEqual(series.Timestamps.ToArray(), other.Timestamps.ToArray());
            AssertSameBits(series.Values, other.Values);
            AssertSameBits(series.PastCovariates["p"], other.PastCovariates["p"]);
            AssertSameBits(series.FutureCovariates["f"], other.FutureCovariates["f"]);
            Assert.AreEqual(
                BitConverter.DoubleToInt64Bits(series.StaticCovariates["s"]),
                BitConverter.DoubleToInt64Bits(other.StaticCovariates["s"]));
        }
    }

    private static TimeSeries Make(
        string id, Frequency frequency, double[] values, double[] past, double[] future, double fixedValue)
    {
        (values[0], values[^1], past[^1]) = (1, 2, 3);
        return new TimeSeries(
            id,
            frequency,
            Sample.Grid(frequency, Sample.Monday, values.Length),
            values,
            new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal) { ["p"] = past },
            new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal) { ["f"] = future },
            new Dictionary<string, double>(StringComparer.Ordinal) { ["s"] = fixedValue });
    }

    private static void AssertSameBits(ReadOnlyMemory<double> expected, ReadOnlyMemory<double> actual) =>
        CollectionAssert.AreEqual(
            Array.ConvertAll(expected.ToArray(), BitConverter.DoubleToInt64Bits),
            Array.ConvertAll(actual.ToArray(), BitConverter.DoubleToInt64Bits));
}
