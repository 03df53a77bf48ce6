using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class CauchyKernelTests
{
    public static IEnumerable<object[]> Shapes() =>
        from length in new[] { 1, 2, 3, 15, 16, 257, 1000 }
        from poles in new[] { 1, 3, 32 }
        from rows in new[] { 1, 4, 6, 9 }
        select new object[] { length, poles, rows };

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Evaluate_Double_IsTheSumOfPairs(int length, int poles, int rows)
    {
        var problem = new Problem(length, poles, rows);
        var (real, imaginary) = problem.Evaluate<double>();
        var expected = problem.Reference();
        Numbers.AssertClose(expected, [.. real.Zip(imaginary, (a, b) => new Complex(a, b))], 1e-13);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Evaluate_Single_IsTheSumOfPairs(int length, int poles, int rows)
    {
        var problem = new Problem(length, poles, rows);
        var (real, imaginary) = problem.Evaluate<float>();
        var expected = problem.Reference();
        Numbers.AssertClose(expected, [.. real.Zip(imaginary, (a, b) => new Complex(a, b))], 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Differentiate_Double_IsTheSumOfDerivatives(int length, int poles, int rows)
    {
        var problem = new Problem(length, poles, rows);
        AssertGradients(problem.ReferenceGradients(), problem.Differentiate<double>(), 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Differentiate_Single_IsTheSumOfDerivatives(int length, int poles, int rows)
    {
        var problem = new Problem(length, poles, rows);
        AssertGradients(problem.ReferenceGradients(), problem.Differentiate<float>(), 2e-5);
    }

    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(3, 2, 4)]
    [DataRow(17, 5, 6)]
    public void Differentiate_Double_IsTheFiniteDifference(int length, int poles, int rows)
    {
        var problem = new Problem(length, poles, rows);
        var actual = problem.Differentiate<double>();
        double[][] variables =
            [problem.PolesReal, problem.PolesImaginary, problem.WeightsReal, problem.WeightsImaginary];
        for (var variable = 0; variable < variables.Length; variable++)
        {
            for (var index = 0; index < variables[variable].Length; index++)
            {
                var expected = Numbers.Difference(problem.Loss, variables[variable], index);
                Assert.AreEqual(expected, actual[variable][index], 1e-7 * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    [TestMethod]
    public void Evaluate_SharpResonance_KeepsTheDistanceBetweenNodeAndPole()
    {
        // The node is one unit in the last place of a float from a pole almost on the axis: y^2 - b^2 from squares has
        // no digit left.
        float[] nodes = [MathF.BitIncrement(100f)];
        float[] real = [0];
        float[] imaginary = [0];
        CauchyKernel.Evaluate<float>(nodes, [-1e-6f], [100f], [1f], [0f], real, imaginary);
        var z = new Complex(0, nodes[0]);
        var expected = (1 / (z - new Complex(-1e-6f, 100))) + (1 / (z - new Complex(-1e-6f, -100)));
        Assert.AreEqual(expected.Real, real[0], 1e-5 * Complex.Abs(expected));
        Assert.AreEqual(expected.Imaginary, imaginary[0], 1e-5 * Complex.Abs(expected));
    }

    [TestMethod]
    public void Evaluate_ShapesDisagree_ThrowsWithTheShapes()
    {
        var error = Assert.ThrowsExactly<ModelException>(() => CauchyKernel.Evaluate<double>(
            new double[3], new double[2], new double[2], new double[5], new double[5], new double[6], new double[6]));
        StringAssert.Contains(error.Message, "5");
        Assert.ThrowsExactly<ModelException>(() => CauchyKernel.Evaluate<double>(
            new double[3], new double[2], new double[2], new double[4], new double[4], new double[6], new double[5]));
        Assert.ThrowsExactly<ModelException>(() => CauchyKernel.Evaluate<double>(
            new double[3], new double[2], new double[1], new double[4], new double[4], new double[6], new double[6]));
    }

    [TestMethod]
    public void Evaluate_HalfPrecision_Throws() =>
        Assert.ThrowsExactly<ModelException>(() => CauchyKernel.Evaluate<Half>(
            new Half[1], new Half[1], new Half[1], new Half[1], new Half[1], new Half[1], new Half[1]));

    [TestMethod]
    public void Differentiate_TargetOfWrongSize_Throws() =>
        Assert.ThrowsExactly<ModelException>(() => CauchyKernel.Differentiate<double>(
            new double[3],
            new double[2],
            new double[2],
            new double[4],
            new double[4],
            new double[6],
            new double[6],
            new double[2],
            new double[2],
            new double[4],
            new double[3]));

    private static void AssertGradients<T>(double[][] expected, T[][] actual, double tolerance)
        where T : INumberBase<T>
    {
        string[] names = ["poles, real", "poles, imaginary", "weights, real", "weights, imaginary"];
        for (var index = 0; index < names.Length; index++)
        {
            Numbers.AssertClose(expected[index], actual[index], tolerance, names[index]);
        }
    }

    /// <summary>A system of the kind that occurs, at numbers that single precision holds exactly.</summary>
    private sealed class Problem
    {
        private readonly double[] _nodes;
        private readonly double[] _gradientReal;
        private readonly double[] _gradientImaginary;
        private readonly int _rows;

        public Problem(int length, int poles, int rows)
        {
            var random = new CounterRandom(7);
            _rows = rows;
            _nodes = Rounded(TransformNodes.Create((2 * length) - 1).Nodes);
            PolesReal = Rounded(Numbers.Gaussian(random, poles).Select(value => -0.05 - (0.05 * Math.Abs(value))));
            PolesImaginary = Rounded(Numbers.Gaussian(random, poles).Select((value, index) => -(index + value) / 8));
            WeightsReal = Rounded(Numbers.Gaussian(random, rows * poles));
            WeightsImaginary = Rounded(Numbers.Gaussian(random, rows * poles));
            _gradientReal = Rounded(Numbers.Gaussian(random, rows * length));
            _gradientImaginary = Rounded(Numbers.Gaussian(random, rows * length));
        }

        public double[] PolesReal { get; }

        public double[] PolesImaginary { get; }

        public double[] WeightsReal { get; }

        public double[] WeightsImaginary { get; }

        public (T[] Real, T[] Imaginary) Evaluate<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var real = new T[_gradientReal.Length];
            var imaginary = new T[_gradientReal.Length];
            CauchyKernel.Evaluate<T>(
                Numbers.To<T>(_nodes),
                Numbers.To<T>(PolesReal),
                Numbers.To<T>(PolesImaginary),
                Numbers.To<T>(WeightsReal),
                Numbers.To<T>(WeightsImaginary),
                real,
                imaginary);
            return (real, imaginary);
        }

        public T[][] Differentiate<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[][] gradients =
            [
                new T[PolesReal.Length],
                new T[PolesReal.Length],
                new T[WeightsReal.Length],
                new T[WeightsReal.Length],
            ];
            CauchyKernel.Differentiate<T>(
                Numbers.To<T>(_nodes),
                Numbers.To<T>(PolesReal),
                Numbers.To<T>(PolesImaginary),
                Numbers.To<T>(WeightsReal),
                Numbers.To<T>(WeightsImaginary),
                Numbers.To<T>(_gradientReal),
                Numbers.To<T>(_gradientImaginary),
                gradients[0],
                gradients[1],
                gradients[2],
                gradients[3]);
            return gradients;
        }

        public Complex[] Reference()
        {
            var values = new Complex[_gradientReal.Length];
            for (var row = 0; row < _rows; row++)
            {
                for (var node = 0; node < _nodes.Length; node++)
                {
                    var z = new Complex(0, _nodes[node]);
                    for (var pole = 0; pole < PolesReal.Length; pole++)
                    {
                        var (weight, at) = (Weight(row, pole), Pole(pole));
                        values[(row * _nodes.Length) + node] +=
                            (weight / (z - at)) + (Complex.Conjugate(weight) / (z - Complex.Conjugate(at)));
                    }
                }
            }

            return values;
        }

        public double Loss() => Reference()
            .Select((value, index) => (value.Real * _gradientReal[index]) + (value.Imaginary * _gradientImaginary[index]))
            .Sum();

        /// <summary>By the derivatives of v/(z - lambda) and its conjugate term, each by real and imaginary part.</summary>
        public double[][] ReferenceGradients()
        {
            double[][] gradients =
            [
                new double[PolesReal.Length],
                new double[PolesReal.Length],
                new double[WeightsReal.Length],
                new double[WeightsReal.Length],
            ];
            for (var row = 0; row < _rows; row++)
            {
                for (var pole = 0; pole < PolesReal.Length; pole++)
                {
                    for (var node = 0; node < _nodes.Length; node++)
                    {
                        var z = new Complex(0, _nodes[node]);
                        var at = (row * _nodes.Length) + node;
                        var upstream = new Complex(_gradientReal[at], -_gradientImaginary[at]);
                        var one = 1 / (z - Pole(pole));
                        var other = 1 / (z - Complex.Conjugate(Pole(pole)));
                        var byOne = Weight(row, pole) * one * one;
                        var byOther = Complex.Conjugate(Weight(row, pole)) * other * other;
                        var weight = (row * PolesReal.Length) + pole;
                        gradients[0][pole] += (upstream * (byOne + byOther)).Real;
                        gradients[1][pole] += (upstream * Complex.ImaginaryOne * (byOne - byOther)).Real;
                        gradients[2][weight] += (upstream * (one + other)).Real;
                        gradients[3][weight] += (upstream * Complex.ImaginaryOne * (one - other)).Real;
                    }
                }
            }

            return gradients;
        }

        private Complex Weight(int row, int pole) => new(
            WeightsReal[(row * PolesReal.Length) + pole], WeightsImaginary[(row * PolesReal.Length) + pole]);

        private Complex Pole(int pole) => new(PolesReal[pole], PolesImaginary[pole]);

        private static double[] Rounded(IEnumerable<double> values) => [.. values.Select(value => (double)(float)value)];
    }
}
