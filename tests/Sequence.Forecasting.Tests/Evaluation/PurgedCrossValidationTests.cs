using System.Text.Json;
using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class PurgedCrossValidationTests
{
    [TestMethod]
    public void Combinatorial_OfTheReferenceCases_HasTheirSplitsAndPaths()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Reference("backtest/folds.json")));
        var cases = document.RootElement.GetProperty("skfolio_CPCV").EnumerateArray().ToArray();
        Assert.HasCount(6, cases);
        foreach (var one in cases)
        {
            int Number(string name) => one.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
            var found = CombinatorialPurgedCrossValidation.Create(
                Number("n"),
                Number("n_folds"),
                Number("n_test_folds"),
                new PurgeOptions { PurgeRows = Number("purged_size"), Embargo = Number("embargo_size") });
            Assert.HasCount(Number("n_splits"), found.Splits);
            Assert.HasCount(Number("n_paths"), found.Paths);
            Assert.AreEqual(Compact(one.GetProperty("path_ids")), JsonSerializer.Serialize(found.PathIds), StringComparer.Ordinal);
            foreach (var (split, expected) in found.Splits.Zip(one.GetProperty("splits").EnumerateArray()))
            {
                Assert.AreEqual(Compact(expected.GetProperty("train")), JsonSerializer.Serialize(split.TrainRows), StringComparer.Ordinal);
                Assert.AreEqual(Compact(expected.GetProperty("tests")), JsonSerializer.Serialize(split.Tests.Select(Rows)), StringComparer.Ordinal);
            }
        }
    }

    [TestMethod]
    public void Combinatorial_AnyChoice_KeepsTheLaws() =>
        Gen.Select(Gen.Int[2, 7], Gen.Int[1, 6], Gen.Int[0, 60], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 4].Array[67]).Sample(
            (groups, wanted, more, purge, embargo, reach) =>
            {
                var testGroups = Math.Min(wanted, groups - 1);
                var rows = groups + more;
                foreach (var options in new[]
                {
                    new PurgeOptions { PurgeRows = purge, Embargo = embargo },
                    new PurgeOptions { LabelEnds = [.. Enumerable.Range(0, rows).Select(row => row + reach[row])], Embargo = embargo },
                })
                {
                    CombinatorialPurgedCrossValidation made;
                    try
                    {
                        made = CombinatorialPurgedCrossValidation.Create(rows, groups, testGroups, options);
                    }
                    catch (ConfigurationException error)
                    {
                        Assert.Contains("no row left to train on", error.Message, StringComparison.Ordinal);
                        continue;
                    }

                    CheckLaws(made, rows, groups, testGroups, options);
                }
            });

    [TestMethod]
    public void KFold_TestsEveryRowOnceAndPurgesBothSides()
    {
        var splits = PurgedKFold.Create(11, 3, new PurgeOptions { PurgeRows = 1, Embargo = 1 });
        CollectionAssert.AreEqual(
            new[] { new RowRange(0, 3), new RowRange(3, 6), new RowRange(6, 11) }, splits.Select(split => split.Tests.Single()).ToArray());
        CollectionAssert.AreEqual(new[] { 5, 6, 7, 8, 9, 10 }, splits[0].TrainRows.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 8, 9, 10 }, splits[1].TrainRows.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, splits[2].TrainRows.ToArray());
    }

    [TestMethod]
    public void KFold_WithLabelEnds_PurgesByThem()
    {
        // The label of row 1 reaches into the block [4, 8), that of row 7 to row 9; the others are of their own row.
        int[] ends = [0, 5, 2, 3, 4, 5, 6, 9, 8, 9, 10, 11];
        var split = PurgedKFold.Create(12, 3, new PurgeOptions { LabelEnds = ends, Embargo = 1 })[1];
        CollectionAssert.AreEqual(new[] { 0, 2, 3, 11 }, split.TrainRows.ToArray());
    }

    [TestMethod]
    public void Create_WithFaults_ListsThemAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => CombinatorialPurgedCrossValidation.Create(
            5, 9, 9, new PurgeOptions { PurgeRows = -1, Embargo = -1, LabelEnds = [0, 0] }, maximumSplits: 0));
        Assert.HasCount(7, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => PurgedKFold.Create(10, 1));
        Assert.ThrowsExactly<ConfigurationException>(() => PurgedKFold.Create(0, 2));
        var both = Assert.ThrowsExactly<ConfigurationException>(
            () => PurgedKFold.Create(2, 2, new PurgeOptions { PurgeRows = 1, LabelEnds = [0, 1] }));
        Assert.HasCount(1, both.Faults);
        var empty = Assert.ThrowsExactly<ConfigurationException>(() => PurgedKFold.Create(6, 3, new PurgeOptions { PurgeRows = 9 }));
        Assert.HasCount(3, empty.Faults);
    }

    [TestMethod]
    public void Create_WithTooManySplits_IsRefusedBeforeMakingThem()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => CombinatorialPurgedCrossValidation.Create(1000, 60, 30));
        Assert.Contains("1.18265E+17", error.Message, StringComparison.Ordinal);
        Assert.HasCount(15, CombinatorialPurgedCrossValidation.Create(60, 6, 2, maximumSplits: 15).Splits);
        Assert.ThrowsExactly<ConfigurationException>(() => CombinatorialPurgedCrossValidation.Create(60, 6, 2, maximumSplits: 14));
    }

    private static void CheckLaws(
        CombinatorialPurgedCrossValidation made, int rows, int groups, int testGroups, PurgeOptions options)
    {
        var splits = Choose(groups, testGroups);
        Assert.HasCount(splits, made.Splits);
        Assert.HasCount(splits * testGroups / groups, made.Paths);
        var tested = new int[rows];
        foreach (var split in made.Splits)
        {
            var test = split.Tests.SelectMany(Rows).ToArray();
            Assert.IsFalse(split.TrainRows.Intersect(test).Any());
            foreach (var row in test)
            {
                tested[row]++;
            }

            // A row is trained on exactly when its label meets none of the test's and none of the embargo after them.
            for (var row = 0; row < rows; row++)
            {
                var isFree = !test.Contains(row) && split.Tests.All(block =>
                    End(row) < block.Start || row > Rows(block).Max(End) + options.Embargo);
                Assert.AreEqual(isFree, split.TrainRows.Contains(row), $"row {row}");
            }
        }

        Assert.IsTrue(tested.All(times => times == made.Paths.Count));
        foreach (var (path, id) in made.Paths.Select((path, id) => (path, id)))
        {
            Assert.HasCount(groups, path);
            CollectionAssert.AreEqual(
                Enumerable.Range(0, rows).ToArray(),
                Enumerable.Range(0, groups).SelectMany(group =>
                {
                    var split = made.Splits[path[group]];
                    var place = split.TestGroups.ToList().IndexOf(group);
                    Assert.AreEqual(id, made.PathIds[split.Index][place]);
                    return Rows(split.Tests[place]);
                }).ToArray());
        }

        int End(int row) => options.LabelEnds?[row] ?? row + options.PurgeRows;
    }

    private static int Choose(int from, int count) =>
        count == 0 || count == from ? 1 : Choose(from - 1, count - 1) + Choose(from - 1, count);

    private static IEnumerable<int> Rows(RowRange range) => Enumerable.Range(range.Start, range.Count);

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
