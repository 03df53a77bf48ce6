using static TorchSharp.torch;

namespace Sequence.Training.Tests.Doors;

[TestClass]
public sealed class ObjectiveTests
{
    [TestMethod]
    public void Evaluate_OfCrossEntropy_IsTheLogarithmOfTheShare()
    {
        // log(e + e^2 + e^3) - y[c] = 0.4076059644 + (3 - y[c]): 0.4076059644 for class 2 and 2.4076059644 for class 0.
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, 2, 3, 1, 2, 3 }).reshape(2, 3);
        var loss = Objective.Of(LossKind.CrossEntropy).Evaluate(logits, tensor(new float[] { 2, 0 }).reshape(2, 1));
        Assert.AreEqual(1.4076059644, loss.item<float>(), 1e-6);
    }

    [TestMethod]
    [DataRow(3f)]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    [DataRow(float.NaN)]
    public void Evaluate_OfNoClass_NamesTheRowAndTheRange(float given)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ModelException>(() => Objective.Of(LossKind.CrossEntropy)
            .Evaluate(zeros(2, 3), tensor(new[] { 2, given }).reshape(2, 1)));
        Assert.Contains("Row 1", error.Message);
        Assert.Contains("[0, 3)", error.Message);
    }

    [TestMethod]
    public void Evaluate_OfClassesInAnotherShape_IsRefused()
    {
        using var scope = NewDisposeScope();
        var objective = Objective.Of(LossKind.CrossEntropy);
        Assert.ThrowsExactly<ModelException>(() => objective.Evaluate(zeros(2, 3), zeros(2, 3)));
        Assert.ThrowsExactly<ModelException>(() => objective.Evaluate(zeros(2, 3), zeros(3, 1)));
        Assert.ThrowsExactly<ModelException>(() => objective.Evaluate(zeros(2, 3), zeros(2)));
        Assert.ThrowsExactly<ModelException>(() => objective.Evaluate(zeros(2, 3, 4), zeros(2, 1)));
    }

    [TestMethod]
    public void Create_OfTermsOverClassesAndValues_IsRefused() => Assert.ThrowsExactly<ConfigurationException>(
        () => new Objective([
            new LossTerm(1, (outputs, targets) => outputs.sum()),
            new LossTerm(1, (outputs, targets) => outputs.sum(), TakesClasses: true),
        ]));
}
