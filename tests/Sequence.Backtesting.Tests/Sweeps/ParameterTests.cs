using CsCheck;

namespace Sequence.Backtesting.Tests.Sweeps;

[TestClass]
public sealed class ParameterTests
{
    [TestMethod]
    public void Grid_OfTwoAxes_IsTheirProductWithTheLastRunningFastest()
    {
        var grid = ParameterGrid.Create([new("a", [1, 2]), new("b", [10, 20, 30])]);
        Assert.AreEqual(
            "a 1, b 10; a 1, b 20; a 1, b 30; a 2, b 10; a 2, b 20; a 2, b 30", string.Join("; ", grid));
        Assert.AreEqual(20, grid[4]["b"]);
        Assert.AreEqual(2, grid[4].Integer("a"));
    }

    [TestMethod]
    public void Grid_WithAConstraint_KeepsWhatMeetsIt()
    {
        var grid = ParameterGrid.Create([ParameterAxis.Range("fast", 1, 4), ParameterAxis.Range("slow", 2, 4)], set => set["fast"] < set["slow"]);
        Assert.AreEqual("fast 1, slow 2; fast 1, slow 3; fast 1, slow 4; fast 2, slow 3; fast 2, slow 4; fast 3, slow 4", string.Join("; ", grid));
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterGrid.Create([ParameterAxis.Range("fast", 1, 4)], _ => false));
    }

    [TestMethod]
    public void Range_OfTenths_HasItsLastValue()
    {
        Assert.HasCount(11, ParameterAxis.Range("x", 0, 1, 0.1).Values);
        Assert.AreEqual(1, ParameterAxis.Range("x", 0, 1, 0.1).Values[^1], 1e-15);
        Assert.HasCount(1, ParameterAxis.Range("x", 3, 3, 5).Values);
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterAxis.Range("x", 0, 1, 0));
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterAxis.Range("x", 1, 0));
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterAxis.Range("x", 0, double.PositiveInfinity));
    }

    [TestMethod]
    public void Grid_WithSeveralFaults_ListsThemAll()
    {
        var fault = Assert.ThrowsExactly<ConfigurationException>(() => ParameterGrid.Create(
            [new("a", [1]), new("a", []), new(" ", [double.NaN]), new("sharpe", [1, 1])]));
        Assert.HasCount(6, fault.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterGrid.Create([]));
        Assert.ThrowsExactly<ConfigurationException>(() => ParameterGrid.Create(
            [ParameterAxis.Range("a", 1, 10_000), ParameterAxis.Range("b", 1, 10_000)]));
    }

    [TestMethod]
    public void Draw_OfEveryDistribution_StaysInsideAndFillsItOut()
    {
        var sets = RandomSearch.Draw(
            [
                ParameterDistribution.Uniform("u", -2, 3),
                ParameterDistribution.LogUniform("l", 1e-4, 1),
                ParameterDistribution.Integer("i", 3, 7),
                ParameterDistribution.Choice("c", [1, 10, 100]),
            ],
            4000,
            9);
        Assert.IsTrue(sets.All(set => set["u"] is >= -2 and < 3 && set["l"] is >= 1e-4 and < 1 && set.Integer("i") is >= 3 and <= 7));
        Assert.AreEqual(0.5, sets.Average(set => set["u"]), 0.1);
        Assert.AreEqual(-2, sets.Average(set => Math.Log10(set["l"])), 0.1);
        foreach (var value in (int[])[3, 4, 5, 6, 7])
        {
            Assert.AreEqual(0.2, sets.Average(set => set.Integer("i") == value ? 1.0 : 0), 0.03);
        }

        foreach (var value in (double[])[1, 10, 100])
        {
            Assert.AreEqual(1 / 3.0, sets.Average(set => set["c"] == value ? 1.0 : 0), 0.03);
        }
    }

    [TestMethod]
    public void Draw_OfMoreTrials_BeginsWithTheSame() => Gen.Select(Gen.ULong, Gen.Int[1, 20], Gen.Int[1, 20]).Sample((seed, few, more) =>
    {
        ParameterDistribution[] distributions = [ParameterDistribution.Uniform("a", 0, 1), ParameterDistribution.Integer("b", 1, 9)];
        var shorter = RandomSearch.Draw(distributions, few, seed, set => set["a"] * 10 > set["b"]);
        var longer = RandomSearch.Draw(distributions, few + more, seed, set => set["a"] * 10 > set["b"]);
        return shorter.Zip(longer).All(pair => pair.First.Values.SequenceEqual(pair.Second.Values)) && longer.All(set => set["a"] * 10 > set["b"]);
    });

    [TestMethod]
    public void Draw_WithNumbersThatCannotBe_IsRefused()
    {
        foreach (var make in (Func<object>[])
        [
            () => ParameterDistribution.Uniform("x", 1, 1),
            () => ParameterDistribution.Uniform("x", double.NaN, 1),
            () => ParameterDistribution.LogUniform("x", 0, 1),
            () => ParameterDistribution.LogUniform("x", 1, double.PositiveInfinity),
            () => ParameterDistribution.Integer("x", 2, 1),
            () => ParameterDistribution.Integer("x", int.MinValue, int.MaxValue),
            () => ParameterDistribution.Choice("x", []),
            () => ParameterDistribution.Choice("x", [1, double.NaN]),
            () => RandomSearch.Draw([ParameterDistribution.Uniform("x", 0, 1)], 0, 1),
            () => RandomSearch.Draw([], 1, 1),
            () => RandomSearch.Draw([ParameterDistribution.Uniform("x", 0, 1)], 1, 1, _ => false),
        ])
        {
            Assert.ThrowsExactly<ConfigurationException>(() => make());
        }
    }

    [TestMethod]
    public void ParameterSet_OfAnUnknownNameOrPart_SaysSo()
    {
        var set = new ParameterSet(["a", "b"], [1.5, 2]);
        Assert.Contains("a, b", Assert.ThrowsExactly<ConfigurationException>(() => set["c"]).Message);
        Assert.ThrowsExactly<ConfigurationException>(() => set.Integer("a"));
        Assert.ThrowsExactly<ConfigurationException>(() => new ParameterSet(["a"], [1, 2]));
        Assert.ThrowsExactly<ConfigurationException>(() => new ParameterSet(["a"], [double.NaN]));
    }
}
