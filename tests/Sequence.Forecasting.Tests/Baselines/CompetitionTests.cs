using System.Globalization;
using System.IO.Compression;

namespace Sequence.Forecasting.Tests;

/// <summary>
/// The benchmark forecasts of the M4 competition: Makridakis, Spiliotis and Assimakopoulos, The M4 Competition: 100,000
/// time series and 61 forecasting methods, 2020 (weekly: frequency 1, horizon 13; hourly: frequency 24, horizon 48).
/// </summary>
[TestClass]
public sealed class CompetitionTests
{
    [TestMethod]
    [DataRow("Weekly", "persistence", 1, 9.161, 2.777)]
    [DataRow("Weekly", "theta", 1, 9.093, 2.637)]
    [DataRow("Hourly", "persistence", 24, 43.003, 11.608)]
    [DataRow("Hourly", "seasonal-naive", 24, 13.912, 1.193)]
    [DataRow("Hourly", "theta", 24, 18.138, 2.455)]
    [DataRow("Weekly", "ets-damped", 1, 8.866, 2.404)]
    public void Baseline_OnM4_HasThePublishedAccuracy(string group, string name, int period, double smape, double mase)
    {
        var training = Read(SharedFiles.Dataset($"m4/{group}-train.csv.gz"));
        var tests = Read(SharedFiles.Dataset($"m4/{group}-test.csv.gz"));
        IForecaster forecaster = name switch
        {
            "theta" => new ThetaForecaster(period),
            "ets-damped" => new ExponentialSmoothingForecaster(TrendComponent.Damped),
            "seasonal-naive" => new SeasonalNaiveForecaster(period),
            _ => new PersistenceForecaster(),
        };
        var percent = new List<double>();
        var scaled = new List<double>();
        foreach (var (id, values) in training)
        {
            var series = Series.Named(id, values);
            var mean = forecaster.Fit(series).Forecast(series, tests[id].Length).Mean;
            percent.Add(PointAccuracy.SymmetricMeanAbsolutePercentageError(tests[id], mean));
            scaled.Add(PointAccuracy.MeanAbsoluteScaledError(tests[id], mean, values, period));
        }

        // The published smoothing also estimates its initial level and trend; the others leave nothing to choose.
        var tolerance = name.StartsWith("ets", StringComparison.Ordinal) ? 0.01 : 0.0005;
        Assert.AreEqual(smape, percent.Average(), tolerance * smape);
        Assert.AreEqual(mase, scaled.Average(), tolerance * mase);
    }

    private static Dictionary<string, double[]> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var series = new Dictionary<string, double[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',').Select(field => field.Trim('"')).ToArray();
            series.Add(
                fields[0],
                fields.Skip(1).Where(field => field.Length > 0 && field != "NA")
                    .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray());
        }

        return series;
    }
}
