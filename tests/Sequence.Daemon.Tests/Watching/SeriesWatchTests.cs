using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class SeriesWatchTests
{
    private static readonly Frequency Daily = new(FrequencyUnit.Day);

    private readonly ManualClock _clock = new();

    [TestMethod]
    public void Report_OfTwoForecasts_IsCountedByHand()
    {
        // From day 0: 10, 20 (outcomes 11, 18: errors -1, 2); from day 1: 12, 12 (outcomes 18, 13: errors -6, -1).
        var watch = new SeriesWatch(Definition(2, 80), "m", new WatchOptions(), _clock);
        watch.Observe(Day(0), 5);
        watch.Issue(Make(0, [10, 20], 1.5), null);
        watch.Observe(Day(1), 11);
        watch.Issue(Make(1, [12, 12], 1.5), null);
        watch.Observe(Day(2), 18);
        watch.Observe(Day(3), 13);
        var report = watch.Report([5, 11, 18, 13], null);
        Assert.AreEqual(2, report.OneStep.Steps);
        Assert.AreEqual(3.5, report.OneStep.MeanAbsoluteError);
        Assert.AreEqual(Math.Sqrt(37 / 2.0), report.OneStep.RootMeanSquaredError!.Value, 1e-6);
        Assert.AreEqual(-3.5, report.OneStep.Bias);
        Assert.AreEqual(3.5 / 6, report.OneStep.MeanAbsoluteScaledError!.Value, 1e-6, "The naive errors are 6, 7, 5.");
        Assert.AreEqual(4, report.AllSteps.Steps);
        Assert.AreEqual(2.5, report.AllSteps.MeanAbsoluteError);
        Assert.AreEqual(-1.5, report.AllSteps.Bias);

        // Missed: 2 of the first forecast's errors above 1.5 in size is one, of the second's one.
        var level = report.Levels.Single();
        Assert.AreEqual(50, level.Coverage);
        Assert.AreEqual(4, level.Steps);
        Assert.AreEqual(1, level.Independent);
        Assert.AreEqual(CoverageVerdict.Unknown, level.Verdict);
        Assert.AreEqual(80 + (2 * 0.02 * 100 * (0.5 - 0.2)), level.Effective, 1e-9);
    }

    [TestMethod]
    public void Outcomes_OfDaysThatAreMissing_AreLeftOut()
    {
        var watch = new SeriesWatch(Definition(3, 80), "m", new WatchOptions(), _clock);
        watch.Observe(Day(0), 0);
        watch.Issue(Make(0, [1, 1, 1], 5), null);
        watch.Observe(Day(2), 2);
        Assert.AreEqual(0, watch.Report([], null).AllSteps.Steps);
        watch.Observe(Day(7), 9);
        var report = watch.Report([], null);
        Assert.AreEqual(0, report.OneStep.Steps);
        Assert.AreEqual(1, report.AllSteps.Steps);
        Assert.AreEqual(1, report.AllSteps.MeanAbsoluteError);
        Assert.IsNull(report.AllSteps.MeanAbsoluteScaledError);
    }

    [TestMethod]
    public void Forecast_OfTheSameOrigin_TakesThePlaceOfTheFormer()
    {
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions(), _clock);
        watch.Observe(Day(0), 0);
        watch.Issue(Make(0, [100], 1), null);
        watch.Issue(Make(0, [3], 1), null);
        watch.Observe(Day(1), 1);
        var report = watch.Report([], null);
        Assert.AreEqual(2, report.OneStep.MeanAbsoluteError);
        Assert.AreEqual(1, report.Levels[0].Steps);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(40)]
    public void Restore_AtAnyTime_GoesOnAsIfItHadNeverStopped(int horizon)
    {
        // Forecasts of 0 with intervals of the effective level's width around noise; the outcomes are those known at the stop.
        var random = new CounterRandom(9);
        double[] values = [.. Enumerable.Range(0, 260).Select(_ => random.NextGaussian())];
        var definition = Definition(horizon, 50, 90);
        var options = new WatchOptions { Window = 100, Gamma = 0.05 };
        List<(Forecast Forecast, EffectiveLevel[] Levels)> issued = [];
        var watch = new SeriesWatch(definition, "m", options, _clock);
        for (var day = 0; day < values.Length; day++)
        {
            watch.Observe(Day(day), values[day]);
            var forecast = Make(day, new double[horizon], [.. watch.EffectiveLevels.Select(level => level / 60)]);
            issued.Add((forecast, watch.Issue(forecast, 99)));
            if (day % 50 != 49)
            {
                continue;
            }

            var restored = Restore(definition, options, Records(issued, values, day, 100), watch.Findings, Day(day));
            CollectionAssert.AreEqual(watch.EffectiveLevels, restored.EffectiveLevels);
            var (expected, actual) = (watch.Report(values, null), restored.Report(values, null));
            Assert.AreEqual(expected.OneStep.Steps, actual.OneStep.Steps, 1);
            Assert.AreEqual(expected.Levels[1].IsWidest, actual.Levels[1].IsWidest);
            if (horizon <= 16 && day < 100)
            {
                Assert.AreEqual(expected.OneStep, actual.OneStep);
                Assert.AreEqual(expected.AllSteps, actual.AllSteps);
                CollectionAssert.AreEqual(expected.Levels, actual.Levels);
                Assert.AreEqual(expected.ErrorDrift, actual.ErrorDrift);
            }

            watch = restored;
        }
    }

    [TestMethod]
    public void Read_OfWhatCannotBeGoneOnFrom_IsNone()
    {
        var definition = Definition(2, 50, 90);
        var watch = new SeriesWatch(definition, "m", new WatchOptions(), _clock);
        Assert.IsNull(watch.Write());
        watch.Observe(Day(0), 1);
        watch.Issue(Make(0, [1, 1], 1, 2), 99);
        watch.Observe(Day(1), 1);
        var body = watch.Write()!;
        Assert.IsNotNull(Read(body, definition, "m", Day(1)));
        Assert.IsNull(Read(body, definition, "n", Day(1)));
        Assert.IsNull(Read(body, definition, "m", Day(0)), "The store was put back to an earlier time.");
        Assert.IsNull(Read(body, definition, "m", null));
        Assert.IsNull(Read(body, Definition(2, 50, 80), "m", Day(1)));
        Assert.IsNull(Read(body, Definition(3, 50, 90), "m", Day(1)));
        Assert.IsNull(Read([9, .. body[1..]], definition, "m", Day(1)));
        foreach (var length in Enumerable.Range(0, body.Length))
        {
            Assert.IsNull(Read(body[..length], definition, "m", Day(1)));
        }

        SeriesWatch? Read(byte[] body, SeriesDefinition definition, string version, DateTimeOffset? last) =>
            SeriesWatch.Read(body, definition, version, new WatchOptions(), _clock, last);
    }

    [TestMethod]
    public void Restore_AfterACrashThatLostTheNewestForecast_AdaptsByWhatCameSince()
    {
        var definition = Definition(1, 80);
        var watch = new SeriesWatch(definition, "m", new WatchOptions(), _clock);
        double[] values = [.. Enumerable.Range(0, 40).Select(day => day % 3 == 0 ? 9.0 : 0)];
        List<(Forecast Forecast, EffectiveLevel[] Levels)> issued = [];
        for (var day = 0; day < 40; day++)
        {
            watch.Observe(Day(day), values[day]);
            var forecast = Make(day, [0], 1);
            issued.Add((forecast, watch.Issue(forecast, null)));
        }

        issued.RemoveAt(39);
        var restored = Restore(definition, new WatchOptions(), Records(issued, values, 39, 200), [], Day(39));
        Assert.AreEqual(watch.EffectiveLevels[0], restored.EffectiveLevels[0], 1e-12);
        Assert.AreNotEqual(80, restored.EffectiveLevels[0], 1);
    }

    [TestMethod]
    public void Restore_OfForecastsOfAnotherModel_BeginsAnewAndEndsItsFindings()
    {
        var finding = new DriftFinding("a", "old", DriftKind.Inputs, null, 1, 0.25, Day(3), _clock.Now, null);
        var records = Records([(Make(0, [0], 1), [new EffectiveLevel(80, 99, true)])], [1, 2], 1, 9);
        var watch = Restore(Definition(1, 80), new WatchOptions(), records, [finding], Day(5));
        Assert.AreEqual(80, watch.EffectiveLevels.Single());
        Assert.AreEqual(0, watch.Report([], null).OneStep.Steps);
        Assert.AreEqual(Day(5), watch.Findings.Single().Until);
        Assert.IsNotNull(watch.Found.TakeChanges());
    }

    [TestMethod]
    public void Errors_ThatGrow_AreOneFinding()
    {
        var (watch, random) = (new SeriesWatch(Definition(1, 80), "m", new WatchOptions(), _clock), new CounterRandom(2));
        Run(watch, 0, 400, () => random.NextGaussian());
        Assert.DoesNotContain(one => one.Kind == DriftKind.Errors, watch.Findings);
        Run(watch, 400, 800, () => 2 * random.NextGaussian());
        var found = watch.Findings.Single(one => one.Kind == DriftKind.Errors);
        Assert.IsGreaterThan(50, found.Value);
        Assert.IsTrue(found.At > Day(400) && found.At < Day(520), $"{found.At}");
        Assert.AreEqual(_clock.Now, found.FoundAt);
        Assert.AreEqual(found.At, found.Until);
        Assert.Contains(found, watch.Found.TakeChanges()!.Value.Added);
        Assert.IsNull(watch.Found.TakeChanges());
    }

    [TestMethod]
    public void Coverage_BelowItsBand_IsOneFindingThatEndsWhenItIsBack()
    {
        // Intervals of -/+ 1 promise 80 %. Gamma 0 keeps them as they are.
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions { Window = 60, Gamma = 0 }, _clock);
        var turn = 0;
        Run(watch, 0, 100, () => turn++ % 5 == 0 ? 9 : 0);
        Assert.AreEqual(CoverageVerdict.AsPromised, watch.Report([], null).Levels[0].Verdict);
        Assert.IsEmpty(watch.Findings);
        Run(watch, 100, 200, () => turn++ % 2 == 0 ? 9 : 0);
        var report = watch.Report([], null);
        Assert.AreEqual(50, report.Levels[0].Coverage);
        Assert.AreEqual(60, report.Levels[0].Independent);
        Assert.AreEqual(CoverageVerdict.UnderCovered, report.Levels[0].Verdict);
        var lasting = watch.Findings.Single(one => one.Kind == DriftKind.Coverage);
        Assert.AreEqual(80, lasting.Level);
        Assert.AreEqual(report.Levels[0].Lower, lasting.Threshold);
        Assert.IsNull(lasting.Until);
        Run(watch, 200, 400, () => turn++ % 6 == 0 ? 9 : 0);
        var ended = watch.Findings.Single(one => one.Kind == DriftKind.Coverage);
        Assert.IsTrue(ended.Until > lasting.At);
        Run(watch, 400, 500, () => 0);
        Assert.AreEqual(CoverageVerdict.OverCovered, watch.Report([], null).Levels[0].Verdict);
    }

    [TestMethod]
    public void Inputs_ThatDrift_AreOneFindingUntilTheyAreBack()
    {
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions(), _clock);
        Take(0.3, 0.5);
        Assert.IsEmpty(watch.Findings, "A difference that chance may have made is none.");
        Take(0.3, 1e-5);
        Take(0.4, 1e-5);
        Take(0.22, 1e-5);
        Assert.IsNull(watch.Findings.Single().Until);
        Assert.AreEqual(0.3, watch.Findings.Single().Value);
        Take(0.1, 1e-5);
        Assert.IsNotNull(watch.Findings.Single().Until);
        Take(0.3, 1e-5);
        Assert.HasCount(2, watch.Findings);

        void Take(double stability, double p) => watch.TakeInputs(new InputReport(stability, 0.2, p, Day(0), Day(1), Day(2), Day(3)));
    }

    [TestMethod]
    public void Findings_AreBoundedAndALastingOneIsKept()
    {
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions { Gamma = 0, Errors = new PageHinkley { Threshold = 3, Tolerance = 0.1, MinimumValues = 2 } }, _clock);
        watch.TakeInputs(new InputReport(1, 0.5, 1e-9, Day(0), Day(1), Day(2), Day(3)));
        var random = new CounterRandom(6);
        Run(watch, 0, 3000, () => random.NextGaussian());
        Assert.HasCount(DriftLog.MostOfASeries, watch.Findings);
        Assert.Contains(one => one.Kind == DriftKind.Inputs && one.Until is null, watch.Findings);
    }

    [TestMethod]
    public void Inputs_AreDueByObservationsAndByTime()
    {
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions { InputsEvery = 3 }, _clock);
        Run(watch, 0, 2, () => 0);
        Assert.IsFalse(watch.InputsAreDue());
        Run(watch, 2, 3, () => 0);
        Assert.IsTrue(watch.InputsAreDue());
        watch.BeginInputs();
        Run(watch, 3, 9, () => 0);
        Assert.IsFalse(watch.InputsAreDue());
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.IsTrue(watch.InputsAreDue());
    }

    [TestMethod]
    public void Inputs_AfterTheClockWasSetBack_AreDueAtOnce()
    {
        var watch = new SeriesWatch(Definition(1, 80), "m", new WatchOptions { InputsEvery = 3 }, _clock);
        watch.BeginInputs();
        Run(watch, 0, 3, () => 0);
        Assert.IsFalse(watch.InputsAreDue());
        _clock.Now -= TimeSpan.FromHours(5);
        Assert.IsTrue(watch.InputsAreDue());
    }

    [TestMethod]
    public void Inputs_OfAWatchThatIsOftenRestored_AreDueByObservationsAndByTime()
    {
        var (definition, options) = (Definition(1, 80), new WatchOptions { InputsEvery = 3 });
        var body = Array.Empty<byte>();
        List<int> due = [];
        for (var day = 0; day < 20; day++)
        {
            var watch = SeriesWatch.Read(body, definition, "m", options, _clock, Day(day)) ?? new SeriesWatch(definition, "m", options, _clock);
            watch.CatchUp([], [], day == 0 ? null : Day(day - 1), 0);
            Run(watch, day, day + 1, () => 0);
            if (watch.InputsAreDue())
            {
                due.Add(day);
                watch.BeginInputs();
            }

            body = watch.TakeToSave()!;
            _clock.Now += TimeSpan.FromSeconds(15);
        }

        CollectionAssert.AreEqual(new[] { 2, 6, 10, 14, 18 }, due, "No sooner than three days, nor than a minute.");
    }

    [TestMethod]
    public void Forecasts_FarAhead_WaitInBoundedNumber()
    {
        // Of 100 steps one forecast in seven is watched, each complete after 100 days.
        var watch = new SeriesWatch(Definition(100, 80), "m", new WatchOptions(), _clock);
        for (var day = 0; day < 300; day++)
        {
            watch.Observe(Day(day), 0);
            watch.Issue(Make(day, new double[100], 1), null);
        }

        var report = watch.Report([], null);
        Assert.AreEqual(200, report.OneStep.Steps, "One-step errors are of every forecast, the newest 200 of them.");
        Assert.AreEqual(200 / 7 * 100, report.AllSteps.Steps, 100, "Those of origins 0 to 199 are complete on day 299, in 28 or 29 stretches.");
        Assert.AreEqual(2, report.Levels[0].Independent);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Intervals_AfterAShift_CoverAsPromisedAgainWhileFixedOnesDoNot(int horizon)
    {
        // P(|N| < 1.645 / 1.5) = 73 %.
        Assert.AreEqual(73, Coverage(horizon, gamma: 0, after: 1.5, seed: 21), 6);
        Assert.AreEqual(90, Coverage(horizon, gamma: 0.02, after: 1.5, seed: 21), 2.5);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Intervals_WithoutAShift_AreNotHarmed(int horizon)
    {
        Assert.AreEqual(90, Coverage(horizon, gamma: 0, after: 1, seed: 22), 2.5);
        Assert.AreEqual(90, Coverage(horizon, gamma: 0.02, after: 1, seed: 22), 2.5);
    }

    /// <summary>
    /// Coverage in percent of the forecasts of days 1,000 to 2,000, in all their steps, of 90 % intervals around 0 for noise that is
    /// after times as wide from day 500 on.
    /// </summary>
    private double Coverage(int horizon, double gamma, double after, ulong seed)
    {
        var random = new CounterRandom(seed);
        double[] values = [.. Enumerable.Range(0, 2000 + horizon).Select(day => random.NextGaussian() * (day < 500 ? 1 : after))];
        var calibration = IntervalCalibration.FromErrors(
            [.. Enumerable.Range(0, horizon).Select(_ => Enumerable.Range(0, 400).Select(_ => random.NextGaussian()).ToArray())]);
        var watch = new SeriesWatch(Definition(horizon, 90), "m", new WatchOptions { Gamma = gamma }, _clock);
        var history = new TimeSeries("a", Daily, new[] { Day(0) }, new[] { 0.0 });
        var covered = 0;
        for (var day = 0; day < 2000; day++)
        {
            watch.Observe(Day(day), values[day]);
            var forecast = Make(day, new double[horizon]);
            forecast = forecast with { Intervals = calibration.Around(history, forecast.Mean, [90], watch.EffectiveLevels) };
            watch.Issue(forecast, calibration.WidestLevel(horizon));
            covered += day < 1000 ? 0 : forecast.Intervals[0].Upper.Where((upper, step) => Math.Abs(values[day + step + 1]) <= upper).Count();
        }

        return covered / 10.0 / horizon;
    }

    /// <summary>A watch of which only the forecasts are left.</summary>
    private SeriesWatch Restore(
        SeriesDefinition definition, WatchOptions options, ForecastRecord[] records, IReadOnlyList<DriftFinding> findings, DateTimeOffset last)
    {
        var watch = new SeriesWatch(definition, "m", options, _clock);
        watch.CatchUp(records, findings, last, 0);
        return watch;
    }

    private static void Run(SeriesWatch watch, int from, int to, Func<double> value)
    {
        for (var day = from; day < to; day++)
        {
            watch.Observe(Day(day), value());
            watch.Issue(Make(day, [0], 1), null);
        }
    }

    private static DateTimeOffset Day(int day) => Days.First.AddDays(day);

    private static SeriesDefinition Definition(int horizon, params double[] levels) => new("a", Daily, "mean", horizon, levels);

    private static Forecast Make(int origin, double[] mean, params double[] halfWidths) => new(
        "a",
        Day(origin),
        [.. Enumerable.Range(1, mean.Length).Select(step => Day(origin + step))],
        mean,
        [.. halfWidths.Select((half, index) => new PredictionInterval(
            halfWidths.Length == 1 ? 80 : 50 + (40 * index), [.. mean.Select(one => one - half)], [.. mean.Select(one => one + half)]))]);

    private static ForecastRecord[] Records(List<(Forecast Forecast, EffectiveLevel[] Levels)> issued, double[] values, int last, int window) =>
    [
        .. issued.Select((one, index) => new ForecastRecord(
            index,
            one.Forecast.Origin,
            new IssuedForecast(index == 0 && issued.Count == 1 ? "old" : "m", "hash", one.Forecast, one.Levels),
            [.. one.Forecast.Timestamps.Select(time => (time - Days.First).Days is var day && day <= last ? values[day] : (double?)null)]))
            .Reverse().Take(window),
    ];
}
