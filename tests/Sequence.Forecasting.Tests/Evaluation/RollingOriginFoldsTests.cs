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
        };
        var error = Assert.ThrowsExactly<ConfigurationException>(options.Validate);
        Assert.HasCount(10, error.Faults);
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
