using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class TransformNodesTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(15)]
    [DataRow(16)]
    [DataRow(1000)]
    public void Create_Length_IsTheBilinearVariableAtTheRootsOfUnity(int length)
    {
        var (nodes, hasNyquist) = TransformNodes.Create(length);
        Assert.AreEqual(length % 2 == 0, hasNyquist);
        Assert.HasCount((length / 2) + 1, [.. nodes, .. hasNyquist ? new double[1] : []]);
        for (var index = 0; index < nodes.Length; index++)
        {
            var omega = Complex.FromPolarCoordinates(1, -2 * Math.PI * index / length);
            var z = 2 * (1 - omega) / (1 + omega);
            Assert.AreEqual(z.Imaginary, nodes[index], 1e-9 * (1 + Math.Abs(z.Imaginary)));
            var factor = 2 / (1 + omega);
            Assert.AreEqual(factor.Imaginary, nodes[index] / 2, 1e-9 * (1 + Math.Abs(factor.Imaginary)));
        }
    }

    [TestMethod]
    public void Create_LengthOfAMillion_IsAccurateBesideTheNyquistFrequency()
    {
        // tan(pi/2 - x) = 1/x - x/3 - ... with x = pi / 2^20.
        var x = Math.PI / (1 << 20);
        var expected = 2 * ((1 / x) - (x / 3));
        Assert.AreEqual(expected, TransformNodes.Create(1 << 20).Nodes[^1], 1e-14 * expected);
    }

    [TestMethod]
    public void Create_LengthNotPositive_Throws() =>
        Assert.ThrowsExactly<ConfigurationException>(() => TransformNodes.Create(0));
}
