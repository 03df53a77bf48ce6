using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class TrainingPassTests
{
    [TestMethod]
    public void Dropout_OfOnes_KeepsTheMeanAndDropsTheShare()
    {
        using var scope = NewDisposeScope();
        using var pass = new TrainingPass();
        pass.Seed(1);
        var dropped = pass.Dropout(ones(100_000), 0.3).data<float>().ToArray();
        Assert.IsTrue(dropped.All(value => value == 0 || Math.Abs(value - (1 / 0.7f)) < 1e-6));

        // Standard error of the share: sqrt(0.3 * 0.7 / 100,000) = 0.0014.
        Assert.AreEqual(0.3, dropped.Count(value => value == 0) / 100_000.0, 0.007);
    }

    [TestMethod]
    public void Dropout_OfOneSeed_DoesNotDependOnOtherPasses()
    {
        using var scope = NewDisposeScope();
        using var first = new TrainingPass();
        using var second = new TrainingPass();
        first.Seed(7);
        second.Seed(7);
        var alone = first.Dropout(ones(50), 0.5).data<float>().ToArray();
        using var noise = rand(1000);
        CollectionAssert.AreEqual(alone, second.Dropout(ones(50), 0.5).data<float>().ToArray());
    }

    [TestMethod]
    public void Dropout_OfNothing_ReturnsItsInput()
    {
        using var scope = NewDisposeScope();
        using var pass = new TrainingPass();
        var input = ones(3);
        Assert.AreSame(input, pass.Dropout(input, 0));
    }
}
