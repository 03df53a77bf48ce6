using CsCheck;
using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Compute;

[TestClass]
public sealed class GuardedOperationsTests
{
    private static readonly Gen<long[]> GenShape = Gen.Long[1, 3].Array[0, 4];

    [TestMethod]
    [DataRow(new long[] { 2, 3 }, new long[] { 2, 3 })]
    [DataRow(new long[] { 3 }, new long[] { 2 })]
    [DataRow(new long[] { 2, 3 }, new long[] { 2 })]
    [DataRow(new long[] { 3 }, new long[] { 2, 3 })]
    [DataRow(new long[] { 2, 4, 3 }, new long[] { 5, 3, 2 })]
    [DataRow(new long[] { }, new long[] { 3 })]
    public void MatrixProduct_ShapesDoNotFit_ThrowsAndNamesThem(long[] left, long[] right)
    {
        using var a = ones(left);
        using var b = ones(right);

        var exception = Assert.ThrowsExactly<ModelException>(() => GuardedOperations.MatrixProduct(a, b));

        StringAssert.Contains(exception.Message, $"[{string.Join(", ", left)}]", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, $"[{string.Join(", ", right)}]", StringComparison.Ordinal);
    }

    [TestMethod]
    public void MatrixProduct_ElementTypesDiffer_Throws()
    {
        using var a = ones(2, 2);
        using var b = ones(2, 2, float64);

        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.MatrixProduct(a, b));
    }

    /// <summary>A product of ones is k everywhere; a wrong refusal or an abort would both show here.</summary>
    [TestMethod]
    public void MatrixProduct_AnyShapes_IsInnerLengthOrTypedError() =>
        Gen.Select(GenShape, GenShape).Sample(
            (left, right) =>
            {
                using var scope = NewDisposeScope();
                var fits = Fits(left, right);
                try
                {
                    var product = GuardedOperations.MatrixProduct(ones(left), ones(right));
                    return fits && product.data<float>().ToArray().All(value => value == left[^1]);
                }
                catch (ModelException)
                {
                    return !fits;
                }
            },
            iter: 500,
            threads: 1);

    [TestMethod]
    public void Gradient_Polynomial_IsItsDerivativeAndLeavesGradAlone()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, -3.0 }, requires_grad: true);
        x.grad = tensor(new[] { 9.0, 9.0, 9.0 });
        var y = (x * x * x).sum();

        var gradient = GuardedOperations.Gradient(y, [x])[0];

        CollectionAssert.AreEqual(new[] { 3.0, 12.0, 27.0 }, gradient.data<double>().ToArray());
        CollectionAssert.AreEqual(new[] { 9.0, 9.0, 9.0 }, x.grad!.data<double>().ToArray());
    }

    [TestMethod]
    public void Gradient_CreateGraph_CanBeDifferentiatedAgain()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0 }, requires_grad: true);
        var first = GuardedOperations.Gradient((x * x * x).sum(), [x], createGraph: true)[0];

        var second = GuardedOperations.Gradient(first.sum(), [x])[0];

        Assert.AreEqual(12.0, first.item<double>());
        Assert.AreEqual(12.0, second.item<double>());
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Gradient_OfIntermediate_IsFound()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 3.0 }, requires_grad: true);
        var middle = x * x;
        var y = (middle * middle).sum();

        var gradients = GuardedOperations.Gradient(y, [middle, x]);

        Assert.AreEqual(18.0, gradients[0].item<double>());
        Assert.AreEqual(108.0, gradients[1].item<double>());
    }

    [TestMethod]
    public void Gradient_Misused_ThrowsInsteadOfEndingTheProcess()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }, requires_grad: true);
        var unused = tensor(new[] { 1.0 }, requires_grad: true);
        var plain = tensor(new[] { 1.0 });
        var once = (x * x).sum();
        GuardedOperations.Gradient(once, [x]);

        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.Gradient(x * x, [x]), "not a scalar");
        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.Gradient(plain.sum(), [x]), "no graph");
        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.Gradient(x.sum(), [plain]), "no gradient required");
        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.Gradient(x.sum(), [x, unused]), "unused");
        Assert.ThrowsExactly<ModelException>(() => GuardedOperations.Gradient(once, [x]), "graph freed");
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void SetThreads_Zero_Throws() =>
        Assert.ThrowsExactly<ConfigurationException>(() => GuardedOperations.SetThreads(0));

    [TestMethod]
    public void SetInterOperationThreads_SecondTime_ThrowsUnlessTheSame()
    {
        GuardedOperations.SetInterOperationThreads(1);
        GuardedOperations.SetInterOperationThreads(1);

        Assert.ThrowsExactly<ConfigurationException>(() => GuardedOperations.SetInterOperationThreads(2));
    }

    private static bool Fits(long[] left, long[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return false;
        }

        var a = left.Length == 1 ? [1, left[0]] : left;
        var b = right.Length == 1 ? [right[0], 1] : right;
        var leading = a.SkipLast(2).Reverse().Zip(b.SkipLast(2).Reverse());
        return a[^1] == b[^2] && leading.All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);
    }
}
