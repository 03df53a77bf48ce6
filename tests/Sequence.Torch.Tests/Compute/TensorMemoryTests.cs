using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Compute;

[TestClass]
public sealed class TensorMemoryTests
{
    [TestMethod]
    public void CopyFromAndTo_Floats_RoundTrip()
    {
        using var matrix = zeros(2, 3);
        float[] values = [1, 2, 3, 4, 5, 6];
        var back = new float[6];

        matrix.CopyFrom<float>(values);
        matrix.CopyTo<float>(back);

        CollectionAssert.AreEqual(values, back);
        Assert.AreEqual(6f, matrix[1, 2].item<float>());
    }

    [TestMethod]
    public void AsSpan_Written_IsSeenByTheTensor()
    {
        using var vector = zeros(4, int64);

        vector.AsSpan<long>()[2] = 5;

        Assert.AreEqual(5L, vector.sum().item<long>());
    }

    [TestMethod]
    public void CopyFromAndTo_AllocateNothing()
    {
        using var vector = zeros(1000);
        var values = new float[1000];
        vector.CopyFrom<float>(values);
        vector.CopyTo<float>(values);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            vector.CopyFrom<float>(values);
        }

        // TorchSharp itself makes a device object a call; the 4,000 bytes of values must not be copied aside.
        Assert.IsLessThan(100 * 400L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void AsSpan_TensorThatHasNoSuchSpan_Throws()
    {
        using var scope = NewDisposeScope();

        Assert.ThrowsExactly<ModelException>(() => zeros(2, 3).AsSpan<double>().Length, "type");
        Assert.ThrowsExactly<ModelException>(() => zeros(2, 3).t().AsSpan<float>().Length, "transposed");
        Assert.ThrowsExactly<ModelException>(() => zeros(2).AsSpan<decimal>().Length, "no such element");
        Assert.ThrowsExactly<ModelException>(() => zeros(2, complex128).conj().AsSpan<Complex>().Length, "conjugated");
    }

    [TestMethod]
    public void CopyFromAndTo_LengthsDiffer_Throws()
    {
        using var vector = zeros(3);

        Assert.ThrowsExactly<ModelException>(() => vector.CopyFrom<float>(new float[2]));
        Assert.ThrowsExactly<ModelException>(() => vector.CopyTo<float>(new float[4]));
    }
}
