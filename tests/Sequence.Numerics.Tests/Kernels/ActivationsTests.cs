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
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Gelu_AllMagnitudes_IsWithinHalfAMillionth(int lanes)
    {
        var inputs = AllMagnitudes();
        var outputs = new float[inputs.Length];
        Activations.Gelu(inputs, outputs, lanes);
        for (var index = 0; index < inputs.Length; index++)
        {
            double x = inputs[index];
            var expected = x * (x < -9 ? 0 : x > 9 ? 1 : NormalDistribution(x));
            if (!(Math.Abs(outputs[index] - expected) <= 5e-7 * Math.Max(1, Math.Abs(x))))
            {
                Assert.Fail($"gelu({x:R}) is {outputs[index]:R}, expected {expected:R}");
            }
        }
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Silu_AllMagnitudes_IsWithinOneMillionthOfTheDoubleReference(int lanes)
    {
        var inputs = AllMagnitudes();
        var outputs = new float[inputs.Length];
        Activations.Silu(inputs, outputs, lanes);
        for (var index = 0; index < inputs.Length; index++)
        {
            // A subnormal sigmoid keeps fewer digits.
            double x = inputs[index];
            var expected = x / (1 + Math.Exp(-x));
            var tolerance = (1e-6 * Math.Abs(expected)) + (float.Epsilon * Math.Max(1, Math.Min(Math.Abs(x), 120)));
            if (!(Math.Abs(outputs[index] - expected) <= tolerance))
            {
                Assert.Fail($"silu({x:R}) is {outputs[index]:R}, expected {expected:R}");
            }
        }
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Softplus_AllMagnitudes_IsWithinOneMillionthOfTheDoubleReference(int lanes)
    {
        var inputs = AllMagnitudes();
        var outputs = new float[inputs.Length];
        Activations.Softplus(inputs, outputs, lanes);
        AssertClose(inputs, outputs, SoftplusReference);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void GeluSiluAndSoftplus_InfinitiesNaNAndZero_AreTheLimits(int lanes)
    {
        float[] values = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, 0f];
        var outputs = new float[4];
        Activations.Gelu(values, outputs, lanes);
        CollectionAssert.AreEqual(new[] { 0f, float.PositiveInfinity, float.NaN, 0f }, outputs);
        Activations.Silu(values, outputs, lanes);
        CollectionAssert.AreEqual(new[] { 0f, float.PositiveInfinity, float.NaN, 0f }, outputs);
        Activations.Softplus(values, outputs, lanes);
        CollectionAssert.AreEqual(new[] { 0f, float.PositiveInfinity, float.NaN, MathF.Log(2) }, outputs);
    }

    [TestMethod]
    public void GeluSiluAndSoftplus_OddLengthInPlace_AreThoseOfSingleValues()
    {
        // Values of the normal distribution and logarithms from tables.
        var values = Enumerable.Repeat(1f, 19).ToArray();
        Activations.Gelu(values, values);
        Assert.IsTrue(values.All(value => Math.Abs(value - 0.8413447461) < 3e-7));
        Array.Fill(values, -1f);
        Activations.Silu(values, values);
        Assert.IsTrue(values.All(value => Math.Abs(value + 0.2689414214) < 1e-7));
        Array.Fill(values, 1f);
        Activations.Softplus(values, values);
        Assert.IsTrue(values.All(value => Math.Abs(value - 1.3132616875) < 2e-7));
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

    // log(1 + e) by log(w) e / (w - 1) with w = 1 + e rounded, which is accurate near 0 (Kahan).
    private static double SoftplusReference(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        var w = 1 + e;
        return Math.Max(x, 0) + (w == 1 ? e : Math.Log(w) * e / (w - 1));
    }

    // Half plus the density times the sum of x^(2k+1) / (1 3 5 ... (2k+1)), all terms of one sign.
    private static double NormalDistribution(double x)
    {
        var (term, sum) = (x, x);
        for (var k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
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
