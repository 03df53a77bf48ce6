namespace Sequence.Numerics.Tests.Kernels;

[TestClass]
public sealed class ActivationsTests
{
    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Tanh_AllMagnitudes_IsWithinOneMillionthOfTheDoubleReference(int lanes)
    {
        var inputs = AllMagnitudes();
        var outputs = new float[inputs.Length];
        Activations.Tanh(inputs, outputs, lanes);
        AssertClose(inputs, outputs, Math.Tanh);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Sigmoid_AllMagnitudes_IsWithinOneMillionthOfTheDoubleReference(int lanes)
    {
        var inputs = AllMagnitudes();
        var outputs = new float[inputs.Length];
        Activations.Sigmoid(inputs, outputs, lanes);
        AssertClose(inputs, outputs, value => 1 / (1 + Math.Exp(-value)));
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void TanhAndSigmoid_InfinitiesNaNAndZeros_AreTheLimits(int lanes)
    {
        float[] values = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, 0f, -0f];
        var tanh = new float[5];
        Activations.Tanh(values, tanh, lanes);
        CollectionAssert.AreEqual(new[] { -1f, 1f, float.NaN, 0f, 0f }, tanh);
        Assert.IsTrue(float.IsNegative(tanh[4]));
        Activations.Sigmoid(values, values, lanes);
        CollectionAssert.AreEqual(new[] { 0f, 1f, float.NaN, 0.5f, 0.5f }, values);
    }

    [TestMethod]
    public void Tanh_LengthsDiffer_Throws() =>
        Assert.ThrowsExactly<ModelException>(() => Activations.Tanh(new float[3], new float[2]));

    // Every 997th bit pattern of both signs: all exponents from subnormal to the largest, 4.3 million numbers.
    private static float[] AllMagnitudes()
    {
        var values = new List<float>();
        for (long bits = 0; bits < 0x7F800000; bits += 997)
        {
            var value = BitConverter.Int32BitsToSingle((int)bits);
            values.Add(value);
            values.Add(-value);
        }

        return [.. values];
    }

    private static void AssertClose(float[] inputs, float[] outputs, Func<double, double> reference)
    {
        for (var index = 0; index < inputs.Length; index++)
        {
            var expected = reference(inputs[index]);
            var tolerance = Math.Max(1e-6 * Math.Abs(expected), 0.51 * float.Epsilon);
            if (!(Math.Abs(outputs[index] - expected) <= tolerance))
            {
                Assert.Fail($"f({inputs[index]:R}) is {outputs[index]:R}, expected {expected:R}");
            }
        }
    }
}
