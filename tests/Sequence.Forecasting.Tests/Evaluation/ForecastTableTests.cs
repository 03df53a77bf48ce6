using System.Text.Json;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class ForecastTableTests
{
    [TestMethod]
    public void WriteCsv_HasOneLineARow()
    {
        using var writer = new StringWriter();
        new ForecastTable([Row("a,\"b\"", 1, 2.5, 0.1 + 0.2)]).WriteCsv(writer);
        Assert.AreEqual(
            "series,fold,origin,timestamp,step,actual,mean,at_origin,absolute_scale,squared_scale,lower80,upper80,lower97.5,upper97.5\n" +
            "\"a,\"\"b\"\"\",0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,1,2.5,0.30000000000000004,1,1,1,-1,2,-3,4\n",
            writer.ToString(),
            StringComparer.Ordinal);
    }

    [TestMethod]
    public void WriteCsv_ToFile_LeavesNothingElseBehind()
    {
        var folder = Directory.CreateTempSubdirectory("forecast-table");
        try
        {
            var path = Path.Combine(folder.FullName, "forecasts.csv");
            File.WriteAllText(path, "older");
            new ForecastTable([Row("a", 1, 1, 1)]).WriteCsv(path);
            Assert.HasCount(2, File.ReadAllLines(path));
            Assert.HasCount(1, folder.GetFiles());
            Assert.ThrowsExactly<SequenceException>(
                () => new ForecastTable([]).WriteCsv(Path.Combine(folder.FullName, "missing", "forecasts.csv")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Table_WithDifferentLevels_IsRefused()
    {
        var row = Row("a", 1, 1, 1);
        Assert.ThrowsExactly<ModelException>(() => new ForecastTable([row, row with { Intervals = [] }]));
    }

    [TestMethod]
    public void Accuracy_WhereMeasuresAreUndefined_IsNullAndSerialises()
    {
        var report = new ForecastTable([Row("a", 1, 0, 1) with { AbsoluteScale = 0, SquaredScale = 0, AtOrigin = 0 }]).Accuracy();
        Assert.IsNull(report.MeanAbsolutePercentageError);
        Assert.IsNull(report.MeanAbsoluteScaledError);
        Assert.IsNull(report.RootMeanSquaredScaledError);
        Assert.IsNull(report.DirectionalAccuracy);
        Assert.Contains("\"MeanAbsoluteError\":1", JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [TestMethod]
    public void Accuracy_OfIntervals_IsAsByHand()
    {
        var report = new ForecastTable([Row("a", 1, 3, 1)]).Accuracy();

        // 80 %: [-1, 2] misses 3; pinball 0.1 * 4 below, 0.9 * 1 above. 97.5 %: [-3, 4] covers.
        Assert.AreEqual(0, report.Intervals[0].Coverage);
        Assert.AreEqual(100, report.Intervals[1].Coverage);
        Assert.AreEqual(3, report.Intervals[0].MeanWidth);
        Assert.AreEqual((0.4 + 0.9) / 2, report.Intervals[0].PinballLoss, 1e-12);

        // Probabilities .0125 .1 .5 .9 .9875, quantiles -3 -1 1 2 4; weights are the stretches between midpoints.
        var expected = 2 * ((0.05625 * 0.0125 * 6) + (0.24375 * 0.1 * 4) + (0.4 * 0.5 * 2) + (0.24375 * 0.9 * 1) + (0.05625 * 0.0125 * 1));
        Assert.AreEqual(expected, report.ContinuousRankedProbabilityScore!.Value, 1e-12);
    }

    private static ForecastRow Row(string id, int step, double actual, double mean) => new(
        id, 0, Series.Start, Series.Start.AddDays(step), step, actual, mean, [new(80, -1, 2), new(97.5, -3, 4)], 1, 1, 1);
}
