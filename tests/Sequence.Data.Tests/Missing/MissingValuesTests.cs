using CsCheck;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Missing;

[TestClass]
public sealed class MissingValuesTests
{
    private const double None = double.NaN;

    /// <summary>Values of which about a third are missing, the first known.</summary>
    private static readonly Gen<double[]> Holey = Gen.Select(
        Gen.Double[-10, 10],
        Gen.Select(Gen.Double[-10, 10], Gen.Int[0, 2], (value, dice) => dice == 0 ? None : value).Array[0, 40],
        (first, others) => (double[])[first, .. others]);

    [TestMethod]
    [DataRow(MissingValuePolicy.Error)]
    [DataRow(MissingValuePolicy.Drop)]
    [DataRow(MissingValuePolicy.ForwardFill)]
    [DataRow(MissingValuePolicy.Interpolate)]
    public void Apply_WithNothingMissing_ReturnsTheSeriesItself(MissingValuePolicy policy)
    {
        var series = Sample.Daily(1, 2, 3);
        Assert.AreSame(series, MissingValues.Apply(series, policy));
    }

    [TestMethod]
    public void Error_NamesColumnAndTimestamp()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => MissingValues.Apply(Sample.Daily(1, 2, None), MissingValuePolicy.Error));
        Assert.Contains("'y' at 2024-01-03 00:00:00Z", exception.Message);
    }

    [TestMethod]
    public void ForwardFill_OfPrefix_EqualsPrefixOfForwardFill() =>
        Gen.Select(Holey, Gen.Int[0, 39]).Sample((values, cut) =>
        {
            var series = Sample.Daily(values);
            var length = Math.Min(cut + 1, values.Length);
            var prefixThenFill = MissingValues.Apply(series.Slice(0, length), MissingValuePolicy.ForwardFill);
            var fillThenPrefix = MissingValues.Apply(series, MissingValuePolicy.ForwardFill).Slice(0, length);
            CollectionAssert.AreEqual(fillThenPrefix.Values.ToArray(), prefixThenFill.Values.ToArray());
        });

    [TestMethod]
    public void Fill_ByEitherPolicy_KeepsKnownValuesAndFillsTheRest() =>
        Gen.Select(Holey, Gen.Double[-10, 10]).Sample((holey, last) =>
        {
            double[] values = [.. holey, last];
            foreach (var policy in new[] { MissingValuePolicy.ForwardFill, MissingValuePolicy.Interpolate })
            {
                var filled = MissingValues.Apply(Sample.Daily(values), policy).Values.ToArray();
                for (var row = 0; row < values.Length; row++)
                {
                    Assert.IsTrue(double.IsNaN(values[row]) ? double.IsFinite(filled[row]) : values[row] == filled[row]);
                }
            }
        });

    [TestMethod]
    public void Interpolate_OfALine_GivesTheLineBack() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[-5, 5], Gen.Int[1, 18].HashSet[1, 10]).Sample((start, slope, holes) =>
        {
            var line = Enumerable.Range(0, 20).Select(row => start + (slope * row)).ToArray();
            var holey = line.Select((value, row) => holes.Contains(row) ? None : value).ToArray();
            var filled = MissingValues.Apply(Sample.Daily(holey), MissingValuePolicy.Interpolate).Values.ToArray();
            for (var row = 0; row < line.Length; row++)
            {
                Assert.AreEqual(line[row], filled[row], 1e-12);
            }
        });

    [TestMethod]
    public void ForwardFill_WithMissingStart_CutsIt()
    {
        var filled = MissingValues.Apply(Sample.Daily(None, None, 3, None), MissingValuePolicy.ForwardFill);
        CollectionAssert.AreEqual(new double[] { 3, 3 }, filled.Values.ToArray());
        Assert.AreEqual(Sample.Utc(2024, 1, 3), filled.Timestamps.Span[0]);
    }

    [TestMethod]
    public void Interpolate_WithMissingEnd_IsRefused()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => MissingValues.Apply(Sample.Daily(1, None, 3, None), MissingValuePolicy.Interpolate));
        Assert.Contains("2024-01-04", exception.Message);
    }

    [TestMethod]
    [DataRow(MissingValuePolicy.Drop)]
    [DataRow(MissingValuePolicy.ForwardFill)]
    [DataRow(MissingValuePolicy.Interpolate)]
    public void Apply_WithNothingKnown_IsRefused(MissingValuePolicy policy) =>
        Assert.ThrowsExactly<DataFormatException>(() => MissingValues.Apply(Sample.Daily(None, None), policy));

    [TestMethod]
    public void Drop_AtTheEnds_Cuts()
    {
        var kept = MissingValues.Apply(Sample.Daily(None, 2, 3, None), MissingValuePolicy.Drop);
        CollectionAssert.AreEqual(new double[] { 2, 3 }, kept.Values.ToArray());
        Assert.AreEqual("D", kept.Frequency.ToString());
    }

    [TestMethod]
    public void Drop_InTheMiddleOfDays_IsRefused() =>
        Assert.ThrowsExactly<DataFormatException>(
            () => MissingValues.Apply(Sample.Daily(1, 2, 3, None, 5, 6, 7), MissingValuePolicy.Drop));

    [TestMethod]
    public void Drop_OfEveryWeekend_LeavesBusinessDays()
    {
        // 2024-01-01 is a Monday: days 5, 6, 12 and 13 are weekends.
        var kept = MissingValues.Apply(
            Sample.Daily(1, 2, 3, 4, 5, None, None, 8, 9, 10, 11, 12, None, None), MissingValuePolicy.Drop);
        Assert.AreEqual("B", kept.Frequency.ToString());
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4, 5, 8, 9, 10, 11, 12 }, kept.Values.ToArray());
    }

    [TestMethod]
    public void Drop_OfBusinessDays_MakesThemHolidays()
    {
        var frequency = new Frequency(FrequencyUnit.BusinessDay);
        var series = new TimeSeries(
            "y", frequency, Sample.Grid(frequency, Sample.Monday, 6), new[] { 1, 2, None, 4, 5, 6 });
        var kept = MissingValues.Apply(series, MissingValuePolicy.Drop);
        CollectionAssert.AreEqual(new[] { new DateOnly(2024, 1, 3) }, kept.Frequency.Calendar!.Holidays.ToArray());
        Assert.AreEqual(Sample.Utc(2024, 1, 4), kept.Frequency.Add(Sample.Utc(2024, 1, 2), 1));
    }

    [TestMethod]
    public void Apply_WithCovariates_FillsThemToo()
    {
        var series = WithCovariates(past: [1, None, 3], future: [4, None, 6, None, 8]);
        var filled = MissingValues.Apply(series, MissingValuePolicy.ForwardFill);
        CollectionAssert.AreEqual(new double[] { 1, 1, 3 }, filled.PastCovariates["p"].ToArray());
        CollectionAssert.AreEqual(new double[] { 4, 4, 6, 6, 8 }, filled.FutureCovariates["f"].ToArray());
        Assert.AreEqual(1, MissingValues.CountRows(series));
        Assert.IsTrue(double.IsNaN(series.PastCovariates["p"].Span[1]), "The series given must stay as it is.");
    }

    [TestMethod]
    public void Drop_WithKnownAheadRows_KeepsThemUpToTheFirstMissing()
    {
        var kept = MissingValues.Apply(
            WithCovariates(past: [None, 2, 3], future: [4, 5, 6, 7, None]), MissingValuePolicy.Drop);
        CollectionAssert.AreEqual(new double[] { 20, 30 }, kept.Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 5, 6, 7 }, kept.FutureCovariates["f"].ToArray());
    }

    private static TimeSeries WithCovariates(double[] past, double[] future)
    {
        var frequency = new Frequency(FrequencyUnit.Day);
        return new TimeSeries(
            "y",
            frequency,
            Sample.Grid(frequency, Sample.Monday, past.Length),
            past.Select((_, row) => 10.0 * (row + 1)).ToArray(),
            new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal) { ["p"] = past },
            new Dictionary<string, ReadOnlyMemory<double>>(StringComparer.Ordinal) { ["f"] = future });
    }
}
