using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class RollingOriginTests
{
    [TestMethod]
    public void Evaluate_Persistence_HasTheErrorsByHand()
    {
        var series = Series.Of(1, 2, 4, 7, 11, 16);
        var result = RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            series,
            new RollingOriginOptions { Horizon = 2, FirstOrigin = FirstOrigin.AfterRows(3), Step = 1, SeasonLength = 1 });

        // Origins 4 and 7: errors 3, 7 and 4, 9.
        Assert.AreEqual(2, result.Folds);
        Assert.AreEqual(23 / 4.0, result.Accuracy.MeanAbsoluteError, 1e-12);
        Assert.AreEqual(3.5, result.AccuracyByStep[1].MeanAbsoluteError, 1e-12);
        Assert.AreEqual(8, result.AccuracyByStep[2].MeanAbsoluteError, 1e-12);

        // Scales: mean of 1, 2 is 1.5; mean of 1, 2, 3 is 2. Squares: 2.5 and 14 / 3.
        Assert.AreEqual(((10 / 1.5) + (13 / 2.0)) / 4, result.Accuracy.MeanAbsoluteScaledError!.Value, 1e-12);
        Assert.AreEqual(
            Math.Sqrt((((9 + 49) / 2.5) + ((16 + 81) * 3 / 14.0)) / 4), result.Accuracy.RootMeanSquaredScaledError!.Value, 1e-12);
        Assert.AreEqual(0, result.Accuracy.DirectionalAccuracy);
        var row = result.Table.Rows[3];
        Assert.AreEqual(
            (Series.Start.AddDays(3), Series.Start.AddDays(5), 2, 16.0, 7.0),
            (row.Origin, row.Timestamp, row.Step, row.Actual, row.Mean));
    }

    [TestMethod]
    public void Evaluate_WithGap_TargetsOriginPlusGapPlusStep()
    {
        var series = Series.Of(Enumerable.Range(0, 20).Select(row => (double)row).ToArray());
        var result = RollingOrigin.Evaluate(
            new DriftForecaster(),
            series,
            new RollingOriginOptions { Horizon = 3, Gap = 2, FirstOrigin = FirstOrigin.AfterRows(5), Step = 4 });
        foreach (var row in result.Table.Rows)
        {
            Assert.AreEqual(row.Origin.AddDays(2 + row.Step), row.Timestamp);
            Assert.AreEqual(row.Actual, row.Mean, 1e-9);
        }
    }

    [TestMethod]
    [DataRow(1, 6)]
    [DataRow(2, 3)]
    [DataRow(4, 2)]
    [DataRow(0, 1)]
    public void Evaluate_RefitEvery_FitsThatOften(int refitEvery, int fits)
    {
        var spy = new Spy();
        var result = RollingOrigin.Evaluate(
            spy,
            Series.Of(Enumerable.Range(0, 16).Select(row => (double)row).ToArray()),
            new RollingOriginOptions
            {
                Horizon = 1,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Refit = RefitCadence.EveryFolds(refitEvery),
                RefitStart = RefitStart.Warm,
            });
        Assert.AreEqual(fits, result.Fits);
        Assert.HasCount(fits, spy.FitEnds);

        // Every forecast stands on the current training part, fitted or not; every fit but the first is warm.
        CollectionAssert.AreEqual(new double[] { 9, 10, 11, 12, 13, 14 }, spy.ForecastEnds);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, fits).Select(fit => fit > 0).ToArray(), spy.WarmStarts);
        Assert.IsTrue(result.Table.Rows.All(row => row.Actual - row.Mean == 1));
    }

    [TestMethod]
    public void Evaluate_Rolling_ShowsTheModelTheWindowOnly()
    {
        var spy = new Spy();
        RollingOrigin.Evaluate(
            spy,
            Series.Of(Enumerable.Range(0, 16).Select(row => (double)row).ToArray()),
            new RollingOriginOptions
            {
                Horizon = 2,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Window = TrainingWindow.Rolling,
                WindowRows = 4,
            });
        CollectionAssert.AreEqual(new[] { 4, 4, 4 }, spy.FitLengths);
        CollectionAssert.AreEqual(new double[] { 9, 11, 13 }, spy.FitEnds);
        CollectionAssert.AreEqual(new[] { false, false, false }, spy.WarmStarts);
    }

    [TestMethod]
    public void Evaluate_WithTheFutureChanged_ForecastsTheSameUpToIt()
    {
        var values = Series.RandomWalk(90, 2).Select(value => value + 30).ToArray();
        var changed = values.Select((value, row) => row < 70 ? value : 1000 - value).ToArray();
        var options = new RollingOriginOptions { Horizon = 5, FirstOrigin = FirstOrigin.AfterRows(50), Levels = [80] };
        foreach (var name in BaselineCatalogue.Names)
        {
            var forecaster = new ConformalForecaster(
                BaselineCatalogue.Create(name, new Frequency(FrequencyUnit.Day)), new ConformalOptions { Horizon = 5 });
            var one = Known(values);
            CollectionAssert.AreEqual(one, Known(changed), name);
            Assert.HasCount(25, one);

            List<(double, IntervalBounds)> Known(double[] series) => RollingOrigin
                .Evaluate(forecaster, Series.Of(series), options).Table.Rows
                .Where(row => row.Origin < Series.Start.AddDays(70))
                .Select(row => (row.Mean, row.Intervals[0])).ToList();
        }
    }

    [TestMethod]
    public void Evaluate_OnPanelOfDifferentSpans_CutsAllAtTheSameMoment()
    {
        var spy = new Spy();
        var early = Series.Named("early", Enumerable.Range(0, 20).Select(row => (double)row).ToArray());
        var late = Series.Named("late", Enumerable.Range(8, 12).Select(row => (double)row).ToArray(), firstDay: 8);
        var result = RollingOrigin.Evaluate(
            spy,
            new Panel([early, late]),
            new RollingOriginOptions { Horizon = 2, FirstOrigin = FirstOrigin.AtDate(Series.Start.AddDays(9)), Step = 5 });

        // A value is its day, so the last value a fit sees is the day of its cut.
        CollectionAssert.AreEqual(new double[] { 9, 9, 14, 14 }, spy.FitEnds);
        CollectionAssert.AreEqual(new[] { 10, 2, 15, 7 }, spy.FitLengths);
        Assert.HasCount(8, result.Table.Rows);
        Assert.AreEqual(1.5, result.Table.AccuracyBySeries()["late"].MeanAbsoluteError, 1e-12);
    }

    [TestMethod]
    public void Evaluate_SeriesThatStartsAfterTheFit_IsLeftOutUntilTheNext()
    {
        var early = Series.Named("early", Series.RandomWalk(20, 1));
        var late = Series.Named("late", Series.RandomWalk(8, 2), firstDay: 12);
        var result = RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            new Panel([early, late]),
            new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(10), Refit = RefitCadence.EveryFolds(5) });
        var first = result.Table.Rows.Where(row => string.Equals(row.SeriesId, "late", StringComparison.Ordinal)).Min(row => row.Fold);
        Assert.AreEqual(5, first);
    }

    [TestMethod]
    public void Evaluate_OnAPanelWithALateSeries_LetsItJoinOnceItHasTheRowsAsked()
    {
        // A season of seven needs seven rows; the late series has one at the first origin and eight at the eighth.
        var early = Series.Named("early", Series.RandomWalk(30, 1));
        var late = Series.Named("late", Series.RandomWalk(21, 2), firstDay: 9);
        var panel = new Panel([early, late]);
        var options = new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(10) };
        Assert.ThrowsExactly<FoldException>(() => RollingOrigin.Evaluate(new SeasonalNaiveForecaster(7), panel, options));

        var result = RollingOrigin.Evaluate(new SeasonalNaiveForecaster(7), panel, options with { MinimumRows = 8 });

        Assert.AreEqual(20, result.Table.OfSeries("early").Rows.Count);
        Assert.AreEqual(7, result.Table.OfSeries("late").Rows.Min(row => row.Fold));
        Assert.AreEqual(13, result.Table.OfSeries("late").Rows.Count);
        var exception = Assert.ThrowsExactly<FoldException>(
            () => RollingOrigin.Evaluate(new SeasonalNaiveForecaster(7), panel, options with { MinimumRows = 11 }));
        Assert.Contains("MinimumRows", exception.Message);
    }

    [TestMethod]
    public void Evaluate_OnPanelOfDifferentSteps_DatesForecastsByWhatTheModelSaw()
    {
        // A model for both series has seen the daily one up to the origin, also where the other one's last row is older.
        var daily = Series.Named("daily", Series.RandomWalk(30, 1));
        var sparse = new TimeSeries(
            "sparse",
            new Frequency(FrequencyUnit.Day, 3),
            Enumerable.Range(0, 10).Select(row => Series.Start.AddDays(3 * row)).ToArray(),
            Series.RandomWalk(10, 2));
        var table = RollingOrigin.Evaluate(
            new ProbeForecaster(),
            new Panel([daily, sparse]),
            new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(14), Step = 1 }).Table;
        foreach (var row in table.Rows)
        {
            Assert.AreEqual(Series.Start.AddDays(13 + row.Fold), row.Origin);
        }

        // Day 12 is a row of the sparse series, but its first forecast comes on day 13.
        Assert.IsEmpty(table.AsOf("sparse", Series.Start.AddDays(12)));
        var first = table.AsOf("sparse", Series.Start.AddDays(13)).Single();
        Assert.AreEqual((sparse.Values.Span[4], sparse.Values.Span[5]), (first.AtOrigin, first.Actual));
        Assert.AreEqual(Series.Start.AddDays(14), table.Latest().Rows.Single(row => row.Timestamp == Series.Start.AddDays(15) && row.SeriesId == "sparse").Origin);
    }

    [TestMethod]
    public void Evaluate_WithIntervals_ReportsCoverage()
    {
        var random = new Random(5);
        var series = Series.Of(Enumerable.Range(0, 600).Select(_ => random.NextDouble()).ToArray());
        var result = RollingOrigin.Evaluate(
            new ConformalForecaster(new MeanForecaster(), new ConformalOptions { Horizon = 4, CalibrationRows = 99 }),
            series,
            new RollingOriginOptions { Horizon = 4, FirstOrigin = FirstOrigin.AfterRows(200), Levels = [95, 80] });
        CollectionAssert.AreEqual(new double[] { 80, 95 }, result.Table.Levels.ToArray());
        Assert.AreEqual(80, result.Accuracy.Intervals[0].Coverage, 8);
        Assert.AreEqual(95, result.Accuracy.Intervals[1].Coverage, 5);

        // U(0, 1) around its mean: an 80 % interval is 0.8 wide.
        Assert.AreEqual(0.8, result.Accuracy.Intervals[0].MeanWidth, 0.06);
        Assert.IsNotNull(result.Accuracy.ContinuousRankedProbabilityScore);
    }

    [TestMethod]
    public void Evaluate_Progress_RisesToOne()
    {
        var told = new Progress();
        RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            Series.Of(Series.RandomWalk(30, 1)),
            new RollingOriginOptions { Horizon = 3, FirstOrigin = FirstOrigin.AfterRows(21) },
            told);
        Series.AreClose([1 / 3.0, 2 / 3.0, 1], told.Shares, 1e-12);
    }

    [TestMethod]
    public void Evaluate_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            Series.Of(1, 2, 3, 4),
            new RollingOriginOptions { Horizon = 1 },
            cancellationToken: source.Token));
    }

    [TestMethod]
    public void Evaluate_OnBadData_ThrowsDataFormatException()
    {
        var options = new RollingOriginOptions { Horizon = 2 };
        foreach (var series in new[] { Series.Of(), Series.Of(1), Series.Of(1, 2, 3), Series.Of(1, 2, double.PositiveInfinity, 3, 4, 5) })
        {
            Assert.ThrowsExactly<DataFormatException>(
                () => RollingOrigin.Evaluate(new PersistenceForecaster(), series, options));
        }
    }

    private sealed class Progress : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }

    /// <summary>Persistence that writes down what it was shown.</summary>
    private sealed class Spy : IForecaster, IForecastModel
    {
        private readonly PersistenceForecaster _inner = new();

        public List<double> FitEnds { get; } = [];

        public List<int> FitLengths { get; } = [];

        public List<bool> WarmStarts { get; } = [];

        public List<double> ForecastEnds { get; } = [];

        public string Name => "spy";

        public int MinimumHistory => 1;

        public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default)
        {
            FitEnds.AddRange(history.Select(series => series.Values.Span[^1]));
            FitLengths.AddRange(history.Select(series => series.Length));
            WarmStarts.Add(warmStart is not null);
            return this;
        }

        public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
        {
            ForecastEnds.Add(history.Values.Span[^1]);
            return _inner.Fit(history).Forecast(history, horizon, levels);
        }
    }
}
