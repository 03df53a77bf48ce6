using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class InputDriftTests : IDisposable
{
    private static readonly SeriesDefinition Series = new("a", new Frequency(FrequencyUnit.Day), "mean", 1, [80]);

    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Comparison_OfNewestAndFirstRows_IsThatOfTheTwoTests()
    {
        var random = new CounterRandom(1);
        double[] values = [.. Enumerable.Range(0, 400).Select(day => random.NextGaussian() + (day < 300 ? 0 : 1))];
        var report = await CompareAsync(values, ModelReading.Plain, window: 100, referenceRows: 150);
        Assert.AreEqual(new PopulationStabilityIndex(values.AsSpan(0, 150)).Of(values.AsSpan(300)), report!.PopulationStability);
        Assert.AreEqual(KolmogorovSmirnov.Test(values.AsSpan(0, 150), values.AsSpan(300)).Statistic, report.Statistic);
        Assert.IsLessThan(1e-6, report.PValue);
        Assert.AreEqual(
            (Days.First, Days.First.AddDays(149), Days.First.AddDays(300), Days.First.AddDays(399)),
            (report.ReferenceFrom, report.ReferenceTo, report.From, report.To));
    }

    [TestMethod]
    public async Task Reference_OfATrainedModel_IsTheRowsUpToItsTraining()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(day => (double)day)];
        var trained = await CompareAsync(values, new ModelReading(null, Days.First.AddDays(250.5)), window: 100, referenceRows: 60);
        Assert.AreEqual((Days.First.AddDays(191), Days.First.AddDays(250)), (trained!.ReferenceFrom, trained.ReferenceTo));

        // Trained long before the series began, or after all of it: the first rows, and never one of the newest.
        var before = await CompareAsync(values, new ModelReading(null, Days.First.AddDays(-900)), window: 100, referenceRows: 60);
        Assert.AreEqual((Days.First, Days.First.AddDays(59)), (before!.ReferenceFrom, before.ReferenceTo));
        var later = await CompareAsync(values, new ModelReading(null, Days.First.AddDays(900)), window: 100, referenceRows: 350);
        Assert.AreEqual((Days.First, Days.First.AddDays(299)), (later!.ReferenceFrom, later.ReferenceTo));
    }

    [TestMethod]
    public async Task Comparison_OfReturns_DoesNotMindATrend()
    {
        var random = new CounterRandom(7);
        var price = 100.0;
        double[] values = [.. Enumerable.Range(0, 700).Select(_ => price *= Math.Exp(0.01 * random.NextGaussian()))];
        var returns = await CompareAsync(values, new ModelReading(new LogReturnScaler(), null), window: 200, referenceRows: 500);
        Assert.IsLessThan(0.25, returns!.PopulationStability);
        Assert.IsGreaterThan(0.001, returns.PValue);
        values[650] = -1;
        Assert.IsNull(await CompareAsync(values, new ModelReading(new LogReturnScaler(), null), window: 200, referenceRows: 500));
    }

    [TestMethod]
    public async Task Comparison_OfNeighboursThatAreAlike_IsNotTakenForDrift()
    {
        // An autoregression of 0.95 strays for long; taken as independent its stretches would differ beyond all doubt.
        var random = new CounterRandom(8);
        var (value, falseAlarms, plain) = (0.0, 0, 0);
        for (var run = 0; run < 20; run++)
        {
            double[] values = [.. Enumerable.Range(0, 400).Select(_ => value = (0.95 * value) + random.NextGaussian())];
            var report = await CompareAsync(values, ModelReading.Plain, window: 150, referenceRows: 200);
            falseAlarms += report!.PValue < 0.001 ? 1 : 0;
            plain += KolmogorovSmirnov.PValue(report.Statistic, 200, 150) < 0.001 ? 1 : 0;
        }

        Assert.IsLessThan(2, falseAlarms);
        Assert.IsGreaterThan(8, plain);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(99)]
    public async Task Comparison_OfTooFewRows_IsNone(int rows) =>
        Assert.IsNull(await CompareAsync(new double[rows], ModelReading.Plain, window: 50, referenceRows: 50));

    public void Dispose() => _folder.Dispose();

    private async Task<InputReport?> CompareAsync(double[] values, ModelReading reading, int window, int referenceRows)
    {
        await using var store = SqliteObservationStore.Open(_folder.File($"{Guid.NewGuid():N}.db"), new ManualClock());
        await store.CreateAsync(Series);
        await store.AppendAsync("a", [.. values.Select((value, day) => new Measurement(Days.First.AddDays(day), value))]);
        return await InputDrift.CompareAsync(store, Series, await store.ReadNewestAsync("a", window), reading, referenceRows);
    }
}
