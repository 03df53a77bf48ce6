using Sequence.Data.Checkpoints;

namespace Sequence.Data.Tests.Checkpoints;

[TestClass]
public sealed class WeightInitialiserTests
{
    private static readonly WeightDeclaration Large =
        new("a.weight", WeightRole.Input, Initialisation.Uniform(0.25), [new UnitAxis("o", 50, 4), new UnitAxis("i", 100)]);

    private static readonly WeightDeclaration Small =
        new("b.weight", WeightRole.Input, Initialisation.Uniform(0.25), [new UnitAxis("o", 8)]);

    [TestMethod]
    public void Singles_InAnyOrderOrAlone_GivesTheSameValues()
    {
        var both = WeightInitialiser.Singles([Large, Small], 7);
        var reversed = WeightInitialiser.Singles([Small, Large], 7);
        CollectionAssert.AreEqual(both["a.weight"], reversed["a.weight"]);
        CollectionAssert.AreEqual(both["b.weight"], WeightInitialiser.Singles([Small], 7)["b.weight"]);
        CollectionAssert.AreNotEqual(both["b.weight"], both["a.weight"][..8]);
        CollectionAssert.AreNotEqual(both["b.weight"], WeightInitialiser.Singles([Small], 8)["b.weight"]);
    }

    [TestMethod]
    public void Doubles_Uniform_FillsTheIntervalEvenly()
    {
        var values = WeightInitialiser.Doubles([Large], 1)["a.weight"];
        Assert.HasCount(20_000, values);
        Assert.IsTrue(values.All(value => Math.Abs(value) <= 0.25));

        // Mean 0 with standard error 0.25 / sqrt(3 n) = 0.001; variance 0.25^2 / 3 = 0.02083.
        Assert.AreEqual(0, values.Average(), 0.005);
        Assert.AreEqual(0.0625 / 3, values.Average(value => value * value), 0.001);
    }

    [TestMethod]
    public void Doubles_Constant_IsThatEverywhere()
    {
        var ones = new WeightDeclaration("n", WeightRole.Vector, Initialisation.Constant(1), [new UnitAxis("o", 3)]);
        CollectionAssert.AreEqual(new[] { 1.0, 1, 1 }, WeightInitialiser.Doubles([ones], 1)["n"]);
        Assert.ThrowsExactly<ModelException>(() => WeightInitialiser.Doubles([ones, ones], 1));
    }
}
