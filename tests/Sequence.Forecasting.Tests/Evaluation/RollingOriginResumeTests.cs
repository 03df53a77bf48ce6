using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class RollingOriginResumeTests
{
    private static readonly Panel Data = new(
    [
        Series.Named("a", Series.RandomWalk(31, 3)),
        Series.Named("b, \"b\"", Series.RandomWalk(22, 4), firstDay: 4),
    ]);

    private static readonly RollingOriginOptions Options = new()
    {
        Horizon = 2,
        Step = 2,
        FirstOrigin = FirstOrigin.AfterRows(11),
        Levels = [80],
        Seed = 3,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("walk").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Evaluate_StoppedAtAnyFold_GoesOnToTheSameResult(int workers)
    {
        foreach (var (refit, start) in Walks())
        {
            var options = Options with { Refit = refit, RefitStart = start };
            var undisturbed = new ProbeForecaster();
            var expected = Text(RollingOrigin.Evaluate(undisturbed, Data, options));
            for (var stop = 0; stop < 8; stop++)
            {
                var folder = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
                var kept = options with { Folder = folder, Workers = workers };
                using var source = new CancellationTokenSource();
                var calls = 0;
                var stopped = new ProbeForecaster
                {
                    OnForecast = _ =>
                    {
                        if (Interlocked.Increment(ref calls) > 2 * stop)
                        {
                            source.Cancel();
                        }
                    },
                };
                Assert.ThrowsExactly<OperationCanceledException>(
                    () => RollingOrigin.Evaluate(stopped, Data, kept, cancellationToken: source.Token));
                var done = RollingOrigin.ReadFinished(folder).Rows.Count;
                var second = new ProbeForecaster();
                Assert.AreEqual(expected, Text(RollingOrigin.Evaluate(second, Data, kept)), StringComparer.Ordinal, $"{refit}, {start}");
                Assert.HasCount(undisturbed.ForecastEnds.Count - (done / 2), second.ForecastEnds, "folds that are finished are not forecast again");

                // A third time there is nothing left to do, not even a fit.
                var third = new ProbeForecaster();
                Assert.AreEqual(expected, Text(RollingOrigin.Evaluate(third, Data, kept)), StringComparer.Ordinal);
                Assert.IsEmpty(third.FitEnds);
            }
        }
    }

    [TestMethod]
    public void Evaluate_WithAFoldCutAtAnyOffset_DoesItAgain()
    {
        var options = Options with { Folder = Path.Combine(_folder, "cut"), Levels = [], FirstOrigin = FirstOrigin.AfterRows(27) };
        var expected = Text(RollingOrigin.Evaluate(new ProbeForecaster(), Data[0], options));
        var last = Directory.GetFiles(options.Folder, "fold-*").Order(StringComparer.Ordinal).Last();
        var whole = File.ReadAllBytes(last);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(last, whole[..length]);
            Check(expected, $"cut to {length} of {whole.Length}");
        }

        for (var offset = 0; offset < whole.Length; offset++)
        {
            var damaged = whole.ToArray();
            damaged[offset] ^= 0x41;
            File.WriteAllBytes(last, damaged);
            Check(expected, $"byte {offset} changed");
        }

        void Check(string text, string what)
        {
            var forecaster = new ProbeForecaster();
            Assert.AreEqual(text, Text(RollingOrigin.Evaluate(forecaster, Data[0], options)), StringComparer.Ordinal, what);
            Assert.HasCount(1, forecaster.ForecastEnds, what);
            CollectionAssert.AreEqual(whole, File.ReadAllBytes(last), what);
        }
    }

    [TestMethod]
    public void Evaluate_InTheFolderOfAnotherWalk_SaysAllThatDiffers()
    {
        var options = Options with { Folder = Path.Combine(_folder, "walk") };
        RollingOrigin.Evaluate(new ProbeForecaster(), Data, options);
        var other = new Panel([Data[0], Series.Named("b, \"b\"", Series.RandomWalk(22, 5), firstDay: 4)]);
        Differs(["Data"], () => RollingOrigin.Evaluate(new ProbeForecaster(), other, options));
        Differs(["Forecaster"], () => RollingOrigin.Evaluate(new PersistenceForecaster(), Data, options with { Levels = [80] }));
        Differs(
            ["Embargo", "FirstOrigin", "Gap", "Horizon", "Refit", "RefitStart", "Seed", "Validation"],
            () => RollingOrigin.Evaluate(new ProbeForecaster(), Data, options with
            {
                Horizon = 1,
                Gap = 1,
                Embargo = 3,
                FirstOrigin = FirstOrigin.AfterRows(12),
                Refit = RefitCadence.OnDrift(),
                RefitStart = RefitStart.Warm,
                Seed = 4,
                Validation = ValidationPart.OfRows(2),
            }));
        Differs(
            ["AllowPartialFold", "Levels", "SeasonLength", "Step", "Window", "WindowRows"],
            () => RollingOrigin.Evaluate(new ProbeForecaster(), Data, options with
            {
                Levels = [80, 90],
                SeasonLength = 3,
                Step = 1,
                AllowPartialFold = true,
                Window = TrainingWindow.Rolling,
                WindowRows = 9,
            }));

        // How it is run is no part of what comes out.
        RollingOrigin.Evaluate(
            new ProbeForecaster(), Data, options with { Workers = 2, TimeBudget = TimeSpan.FromDays(1), Step = 2 });

        static void Differs(string[] names, Action action)
        {
            var error = Assert.ThrowsExactly<ConfigurationException>(action);
            CollectionAssert.AreEqual(
                names, error.Faults.Select(fault => fault.Split(" with ", 2)[1].Split(' ')[0]).Order(StringComparer.Ordinal).ToArray());
        }
    }

    [TestMethod]
    public void Evaluate_WithFoldsOfAWalkThatCannotBeRead_IsRefused()
    {
        var options = Options with { Folder = Path.Combine(_folder, "walk") };
        RollingOrigin.Evaluate(new ProbeForecaster(), Data, options);
        var walk = Path.Combine(options.Folder, "walk.json");
        var whole = File.ReadAllBytes(walk);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(walk, whole[..length]);
            Assert.ThrowsExactly<DataFormatException>(() => RollingOrigin.Evaluate(new ProbeForecaster(), Data, options));
        }

        File.Delete(walk);
        Assert.ThrowsExactly<DataFormatException>(() => RollingOrigin.Evaluate(new ProbeForecaster(), Data, options));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Evaluate_AfterAFailure_KeepsTheFoldsBeforeAndGoesOn(int workers)
    {
        var options = Options with { Folder = Path.Combine(_folder, "failed"), Workers = workers };
        var failing = new ProbeForecaster
        {
            OnForecast = history => _ = history.Timestamps.Span[^1] == Series.Start.AddDays(18) ? throw new DataFormatException("no") : 0,
        };
        var error = Assert.ThrowsExactly<FoldException>(() => RollingOrigin.Evaluate(failing, Data, options));
        Assert.AreEqual(4, error.Fold);
        Assert.AreEqual("a", error.SeriesId);
        var finished = RollingOrigin.ReadFinished(options.Folder).Rows;
        CollectionAssert.AreEqual(
            error.Finished.Rows.Select(Line).ToArray(), finished.Where(row => row.Fold < 4).Select(Line).ToArray());
        Assert.HasCount(16, error.Finished.Rows);
        Assert.AreEqual(
            Text(RollingOrigin.Evaluate(new ProbeForecaster(), Data, options with { Folder = null })),
            Text(RollingOrigin.Evaluate(new ProbeForecaster(), Data, options)),
            StringComparer.Ordinal);

        static string Line(ForecastRow row) => $"{row.SeriesId} {row.Fold} {row.Step} {row.Mean:R}";
    }

    [TestMethod]
    public void Evaluate_WhereTheFolderCannotBeMade_SaysSo()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        Assert.ThrowsExactly<SequenceException>(
            () => RollingOrigin.Evaluate(new ProbeForecaster(), Data, Options with { Folder = Path.Combine(file, "walk") }));
        Assert.ThrowsExactly<DataFormatException>(() => RollingOrigin.ReadFinished(Path.Combine(_folder, "none")));
    }

    private static IEnumerable<(RefitCadence Refit, RefitStart Start)> Walks() =>
        from refit in new[]
        {
            RefitCadence.EveryFolds(3),
            RefitCadence.OnDrift(new PageHinkley { Threshold = 2, MinimumValues = 3 }),
        }
        from start in new[] { RefitStart.Cold, RefitStart.Warm }
        select (refit, start);

    private static string Text(RollingOriginResult result)
    {
        using var writer = new StringWriter();
        result.Table.WriteCsv(writer);
        return $"{result.Folds} {result.IsPartial} {string.Join(' ', result.FitFolds)}\n{writer}";
    }
}
