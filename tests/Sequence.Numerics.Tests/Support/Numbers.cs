using System.Numerics;

namespace Sequence.Numerics.Tests;

/// <summary>Random numbers, and comparisons relative to the largest number expected.</summary>
internal static class Numbers
{
    public static double[] Gaussian(CounterRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];

    public static Complex[] GaussianComplex(CounterRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Complex(random.NextGaussian(), random.NextGaussian()))];

    public static T[] To<T>(IEnumerable<double> values)
        where T : INumberBase<T> => [.. values.Select(T.CreateTruncating)];

    public static void AssertClose<T>(
        IReadOnlyList<double> expected, IReadOnlyList<T> actual, double tolerance, string what = "")
        where T : INumberBase<T>
    {
        Assert.HasCount(expected.Count, actual, what);
        var scale = expected.Count == 0 ? 0 : expected.Max(Math.Abs);
        Assert.IsTrue(double.IsFinite(scale), $"{what}: the largest expected value is {scale}");
        for (var index = 0; index < expected.Count; index++)
        {
            var difference = Math.Abs(double.CreateTruncating(actual[index]) - expected[index]);
            Assert.IsTrue(
                difference <= tolerance * scale,
                $"{what}[{index}] is {actual[index]}, expected {expected[index]}, largest {scale}");
        }
    }

    public static void AssertClose(
        IReadOnlyList<Complex> expected, IReadOnlyList<Complex> actual, double tolerance, string what = "")
    {
        Assert.HasCount(expected.Count, actual, what);
        var scale = expected.Count == 0 ? 0 : expected.Max(Complex.Abs);
        Assert.IsTrue(double.IsFinite(scale), $"{what}: the largest expected value is {scale}");
        for (var index = 0; index < expected.Count; index++)
        {
            Assert.IsTrue(
                Complex.Abs(actual[index] - expected[index]) <= tolerance * scale,
                $"{what}[{index}] is {actual[index]}, expected {expected[index]}, largest {scale}");
        }
    }

    /// <summary>Central difference of a loss by one element.</summary>
    public static double Difference(Func<double> loss, double[] values, int index, double step = 1e-6)
    {
        var kept = values[index];
        values[index] = kept + step;
        var above = loss();
        values[index] = kept - step;
        var below = loss();
        values[index] = kept;
        return (above - below) / (2 * step);
    }
}
