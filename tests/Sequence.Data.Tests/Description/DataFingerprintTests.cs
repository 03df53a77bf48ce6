using System.Buffers.Binary;
using System.Security.Cryptography;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Description;

[TestClass]
public sealed class DataFingerprintTests
{
    [TestMethod]
    public void Compute_OfOneRow_HashesTheDocumentedBytes()
    {
        long[] numbers = [1, 1, 1, 'y', 1, 'D', 1, Sample.Monday.UtcTicks, BitConverter.DoubleToInt64Bits(2.5), 0, 0, 0];
        var bytes = new List<byte>();
        foreach (var (index, number) in numbers.Index())
        {
            if (index is 3 or 5)
            {
                bytes.Add((byte)number);
                continue;
            }

            var eight = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(eight, number);
            bytes.AddRange(eight);
        }

        Assert.AreEqual(
            Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), DataFingerprint.Compute(Sample.Daily(2.5)));
    }

    [TestMethod]
    public void Compute_OfTheSameData_IsTheSameWhereverItLies()
    {
        var whole = Sample.Daily(9, 1, double.NaN, 3);
        var slice = whole.Slice(1, 3);
        var copy = new TimeSeries(
            "y", new Frequency(FrequencyUnit.Day), slice.Timestamps.ToArray(), new[] { 1, -double.NaN, 3 });
        Assert.AreEqual(DataFingerprint.Compute(slice), DataFingerprint.Compute(copy));
    }

    [TestMethod]
    public void Compute_OfAnyChange_IsAnother()
    {
        var frequency = new Frequency(FrequencyUnit.Day);
        var days = Sample.Grid(frequency, Sample.Monday, 2);
        double[] values = [1, 2];
        Dictionary<string, ReadOnlyMemory<double>> covariate = new(StringComparer.Ordinal) { ["c"] = values };
        var one = new TimeSeries("y", frequency, days, values);
        Panel[] panels =
        [
            new([one]),
            new([new TimeSeries("x", frequency, days, values)]),
            new([new TimeSeries("y", new Frequency(FrequencyUnit.Hour, 24), days, values)]),
            new([new TimeSeries("y", frequency, Sample.Grid(frequency, Sample.Monday.AddDays(1), 2), values)]),
            new([new TimeSeries("y", frequency, days, new[] { 1, 2.0000000000000004 })]),
            new([new TimeSeries("y", frequency, days, values, pastCovariates: covariate)]),
            new([new TimeSeries("y", frequency, days, values, futureCovariates: covariate)]),
            new([one, new TimeSeries("x", frequency, days, values)]),
            new([new TimeSeries("x", frequency, days, values), one]),
        ];
        var fingerprints = panels.Select(DataFingerprint.Compute).ToArray();
        Assert.HasCount(panels.Length, fingerprints.Distinct(StringComparer.Ordinal));
        Assert.IsTrue(fingerprints.All(text => text.Length == 64));
    }
}
