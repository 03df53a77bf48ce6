using System.Text.Json;
using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class RollingOriginFoldsTests
{
    [TestMethod]
    public void Folds_OfTheReferenceCases_AreThose()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Reference("backtest/folds.json")));
        var cases = document.RootElement.GetProperty("reference_walk_forward").EnumerateArray().ToArray();
        Assert.HasCount(5, cases);
        foreach (var one in cases)
        {
            int? Number(string name) => one.TryGetProperty(name, out var value) ? value.GetInt32() : null;
            var options = new RollingOriginOptions
            {
                Horizon = Number("horizon")!.Value,
                Step = Number("step"),
                Gap = Number("gap") ?? 0,
                Window = one.TryGetProperty("window", out _) ? TrainingWindow.Rolling : TrainingWindow.Expanding,
                WindowRows = Number("max_train"),
                Refit = RefitCadence.EveryFolds(Number("refit") ?? 1),
                AllowPartialFold = one.TryGetProperty("allow_partial", out _),
            };
            var expected = one.GetProperty("folds").EnumerateArray().Select(fold => new RollingOriginFold(
                fold.GetProperty("fold").GetInt32(),
                fold.GetProperty("train")[0].GetInt32(),
                fold.GetProperty("train")[1].GetInt32(),
                fold.GetProperty("test")[0].GetInt32(),
                fold.GetProperty("test")[1].GetInt32(),
                fold.GetProperty("fit").GetBoolean(),
                fold.GetProperty("train")[1].GetInt32())).ToArray();
            CollectionAssert.AreEqual(
                expected, RollingOriginFolds.Create(Number("n")!.Value, Number("initial")!.Value, options).ToArray());
        }
    }

    [TestMethod]
    public void Folds_OfTheWalkForwardCases_HaveTheirTrainAndTestParts()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Reference("backtest/folds.json")));
        var cases = document.RootElement.GetProperty("skfolio_WalkForward").EnumerateArray().ToArray();
        Assert.HasCount(5, cases);
        foreach (var one in cases)
        {
            var options = new RollingOriginOptions
            {
                Horizon = one.GetProperty("test_size").GetInt32(),
                Gap = one.TryGetProperty("purged_size", out var gap) ? gap.GetInt32() : 0,
                Window = one.TryGetProperty("expand_train", out _) ? TrainingWindow.Expanding : TrainingWindow.Rolling,
                AllowPartialFold = one.TryGetProperty("reduce_test", out _),
            };
            var expected = one.GetProperty("folds").EnumerateArray()
                .Select(fold => string.Join(' ', fold.GetProperty("train"), fold.GetProperty("test")).Replace(" ", string.Empty, StringComparison.Ordinal))
                .ToArray();
            var found = RollingOriginFolds
                .Create(one.GetProperty("n").GetInt32(), one.GetProperty("train_size").GetInt32(), options)
                .Select(fold => $"[{fold.TrainStart},{fold.TrainEnd}][{fold.TestStart},{fold.TestEnd}]")
                .ToArray();
            CollectionAssert.AreEqual(expected, found);
        }
    }

    [TestMethod]
    public void Folds_OfTheSplitsFromTheEnd_AreThose()
    {
        // Splits counted from the end: k blocks of n / (k + 1) rows or as many as given, the gap taken from the training part.
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Reference("backtest/folds.json")));
        var cases = document.RootElement.GetProperty("sklearn_TimeSeriesSplit").EnumerateArray().ToArray();
        Assert.HasCount(5, cases);
        foreach (var one in cases)
        {
            int? Number(string name) => one.TryGetProperty(name, out var value) ? value.GetInt32() : null;
            var (rows, count) = (Number("n")!.Value, Number("n_splits")!.Value);
            var size = Number("test_size") ?? rows / (count + 1);
            var options = new RollingOriginOptions
            {
                Horizon = size,
                Gap = Number("gap") ?? 0,
                Window = Number("max_train_size") is null ? TrainingWindow.Expanding : TrainingWindow.Rolling,
                WindowRows = Number("max_train_size"),
            };
            var expected = one.GetProperty("folds").EnumerateArray()
                .Select(fold => string.Join(' ', fold.GetProperty("train"), fold.GetProperty("test")).Replace(" ", string.Empty, StringComparison.Ordinal))
                .ToArray();
            var found = RollingOriginFolds
                .Create(rows, rows - (count * size) - options.Gap, options)
                .Select(fold => $"[{fold.TrainStart},{fold.TrainEnd}][{fold.TestStart},{fold.TestEnd}]")
                .ToArray();
            CollectionAssert.AreEqual(expected, found);
        }
    }

    [TestMethod]
    public void ReferenceFile_HasNoGroupThatIsNotChecked()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Reference("backtest/folds.json")));
        CollectionAssert.AreEquivalent(
            new[] { "sklearn_TimeSeriesSplit", "skfolio_WalkForward", "skfolio_CPCV", "reference_walk_forward" },
            document.RootElement.EnumerateObject().Select(group => group.Name).ToArray());
    }

    [TestMethod]
    public void Folds_WithEmbargo_KeepEveryLabelOfTheFitOutOfTheTest() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 40], Gen.Int[1, 9], Gen.Int[0, 5], Gen.Int[0, 8], Gen.Bool).Sample(
            (rows, first, horizon, gap, embargo, rolling) =>
            {
                var options = new RollingOriginOptions
                {
                    Horizon = horizon,
                    Gap = gap,
                    Embargo = embargo,
                    Window = rolling ? TrainingWindow.Rolling : TrainingWindow.Expanding,
                };
                if (first <= embargo - gap)
                {
                    Assert.ThrowsExactly<ConfigurationException>(() => RollingOriginFolds.Create(rows, first, options));
                    return;
                }

                foreach (var fold in RollingOriginFolds.Create(rows, first, options))
                {
                    // The label of row t is made of rows t .. t + embargo.
                    var free = Enumerable.Range(fold.TrainStart, fold.TrainEnd - fold.TrainStart)
                        .Where(row => row + embargo < fold.TestStart);
                    Assert.AreEqual(free.Last() + 1, fold.FitEnd);
                }
            });

    [TestMethod]
    public void Folds_WithoutRowsToTrainOn_AreRefused()
    {
        var options = new RollingOriginOptions { Horizon = 1, Validation = ValidationPart.OfRows(10) };
        Assert.ThrowsExactly<ConfigurationException>(() => RollingOriginFolds.Create(50, 10, options));
        Assert.HasCount(39, RollingOriginFolds.Create(50, 11, options));
        Assert.ThrowsExactly<ConfigurationException>(() => RollingOriginFolds.Create(50, 11, options with { Embargo = 1 }));
        Assert.ThrowsExactly<ConfigurationException>(
            () => RollingOriginFolds.Create(50, 30, options with { Window = TrainingWindow.Rolling, WindowRows = 10 }));
    }

    [TestMethod]
    public void Folds_NeverTestWhatTheyTrainOnAndStayInside() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 40], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[0, 5], Gen.Bool, Gen.Bool).Sample(
            (rows, first, horizon, step, gap, rolling, partial) =>
            {
                var folds = RollingOriginFolds.Create(rows, first, new RollingOriginOptions
                {
                    Horizon = horizon,
                    Step = step,
                    Gap = gap,
                    Window = rolling ? TrainingWindow.Rolling : TrainingWindow.Expanding,
                    AllowPartialFold = partial,
                });
                foreach (var fold in folds)
                {
                    Assert.AreEqual(first + (fold.Index * step), fold.TrainEnd);
                    Assert.AreEqual(fold.TrainEnd + gap, fold.TestStart);
                    Assert.IsTrue(fold.TestEnd > fold.TestStart && fold.TestEnd <= rows);
                    Assert.IsTrue(partial || fold.TestEnd - fold.TestStart == horizon);
                    Assert.AreEqual(rolling ? first : fold.TrainEnd, fold.TrainEnd - fold.TrainStart);
                }

                // The next fold would not have fitted any more.
                var next = first + (folds.Count * step) + gap + (partial ? 1 : horizon);
                Assert.IsGreaterThan(rows, next);
            });

    [TestMethod]
    public void Options_WithFaults_ListThemAll()
    {
        var options = new RollingOriginOptions
        {
            Horizon = -1,
            Step = 0,
            Gap = -1,
            WindowRows = 0,
            Refit = RefitCadence.EveryFolds(-2),
            SeasonLength = 0,
            FirstOrigin = FirstOrigin.AfterFraction(1),
            Levels = [80, 0, 80],
            Embargo = -1,
            Validation = ValidationPart.OfFraction(1),
            Workers = 0,
            TimeBudget = TimeSpan.Zero,
            Folder = " ",
        };
        var error = Assert.ThrowsExactly<ConfigurationException>(options.Validate);
        Assert.HasCount(15, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(
            new RollingOriginOptions { Horizon = 1, Validation = ValidationPart.OfRows(0) }.Validate);
        var far = new RollingOriginOptions { Horizon = int.MaxValue, Gap = int.MaxValue, AllowPartialFold = true };
        Assert.IsEmpty(RollingOriginFolds.Create(int.MaxValue, 1, far));
    }

    [TestMethod]
    public void FirstOrigin_OfEachKind_FindsTheRow()
    {
        var timeline = Enumerable.Range(0, 10).Select(day => Series.Start.AddDays(2 * day)).ToArray();
        Assert.AreEqual(4, FirstOrigin.AfterRows(4).Locate(timeline));
        Assert.AreEqual(4, FirstOrigin.AtDate(Series.Start.AddDays(6)).Locate(timeline));
        Assert.AreEqual(4, FirstOrigin.AtDate(Series.Start.AddDays(7)).Locate(timeline));
        Assert.AreEqual(7, FirstOrigin.AfterFraction(0.75).Locate(timeline));
        Assert.ThrowsExactly<DataFormatException>(() => FirstOrigin.AfterRows(10).Locate(timeline));
        Assert.ThrowsExactly<DataFormatException>(() => FirstOrigin.AtDate(Series.Start.AddDays(-1)).Locate(timeline));
        Assert.ThrowsExactly<DataFormatException>(() => FirstOrigin.AfterFraction(0.01).Locate(timeline));
    }
}
