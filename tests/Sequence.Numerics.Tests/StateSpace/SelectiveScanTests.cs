using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class SelectiveScanTests
{
    public static IEnumerable<object[]> Shapes() =>
        from length in new[] { 1, 2, 3, 15, 16, 100 }
        from channels in new[] { 1, 4, 9 }
        from states in new[] { 1, 3, 16 }
        select new object[] { length, channels, states };

    [TestMethod]
    public void Evaluate_ReferenceFile_IsTheReference()
    {
        var reference = ReferenceFile.Open("selective_scan.json");
        var shape = reference.Shape("u");
        var (batch, channels, length) = (shape[0], shape[1], shape[2]);
        var states = reference.Shape("A")[1];
        var bias = reference.Real("delta_bias");
        var u = reference.Real("u");
        var raw = reference.Real("delta_raw");
        var z = reference.Real("z");
        for (var sequence = 0; sequence < batch; sequence++)
        {
            var steps = Transposed(raw, sequence, channels, length)
                .Select((value, index) => Math.Log(1 + Math.Exp(value + bias[index % channels]))).ToArray();
            foreach (var hasSkip in new[] { true, false })
            {
                var output = new double[length * channels];
                var final = new double[channels * states];
                var stepsUsed = hasSkip
                    ? steps
                    : [.. Transposed(raw, sequence, channels, length).Select(value => Math.Log(1 + Math.Exp(value)))];
                SelectiveScan.Evaluate<double>(
                    channels,
                    states,
                    Transposed(u, sequence, channels, length),
                    stepsUsed,
                    reference.Real("A"),
                    Transposed(reference.Real("B"), sequence, states, length),
                    Transposed(reference.Real("C"), sequence, states, length),
                    hasSkip ? reference.Real("D") : [],
                    [],
                    output,
                    final);
                if (hasSkip)
                {
                    var gates = Transposed(z, sequence, channels, length);
                    for (var index = 0; index < output.Length; index++)
                    {
                        output[index] *= gates[index] / (1 + Math.Exp(-gates[index]));
                    }

                    Numbers.AssertClose(
                        reference.Real("last_state")[(sequence * final.Length)..((sequence + 1) * final.Length)],
                        final,
                        1e-12,
                        "state");
                }

                Numbers.AssertClose(
                    Transposed(reference.Real(hasSkip ? "out" : "out_no_D_z_bias"), sequence, channels, length),
                    output,
                    1e-12,
                    "output");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Evaluate_Double_IsTheScalarRecurrence(int length, int channels, int states)
    {
        var problem = new Problem(length, channels, states);
        var (output, state) = problem.Reference();
        var (actualOutput, actualState) = problem.Evaluate<double>();
        Numbers.AssertClose(output, actualOutput, 1e-13, "output");
        Numbers.AssertClose(state, actualState, 1e-13, "state");
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Evaluate_Single_IsTheScalarRecurrence(int length, int channels, int states)
    {
        var problem = new Problem(length, channels, states);
        var (output, state) = problem.Reference();
        var (actualOutput, actualState) = problem.Evaluate<float>();
        Numbers.AssertClose(output, actualOutput, 3e-6, "output");
        Numbers.AssertClose(state, actualState, 3e-6, "state");
    }

    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(3, 9, 2)]
    [DataRow(10, 5, 3)]
    [DataRow(17, 2, 5)]
    public void Differentiate_Double_IsTheFiniteDifference(int length, int channels, int states)
    {
        var problem = new Problem(length, channels, states);
        var gradients = problem.Differentiate<double>();
        for (var variable = 0; variable < gradients.Length; variable++)
        {
            for (var index = 0; index < gradients[variable].Length; index++)
            {
                var expected = Numbers.Difference(problem.Loss, problem.Variables[variable], index);
                Assert.AreEqual(
                    expected,
                    gradients[variable][index],
                    1e-7 * Math.Max(1, Math.Abs(expected)),
                    $"variable {variable}, element {index}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Differentiate_Single_IsTheDoubleResult(int length, int channels, int states)
    {
        var problem = new Problem(length, channels, states);
        var expected = problem.Differentiate<double>();
        var actual = problem.Differentiate<float>();
        for (var variable = 0; variable < expected.Length; variable++)
        {
            Numbers.AssertClose(expected[variable], actual[variable], 1e-5, $"variable {variable}");
        }
    }

    [TestMethod]
    public void Differentiate_NoSkipNoInitialStateNoStateGradient_LeavesTheOtherGradientsAlike()
    {
        var problem = new Problem(12, 3, 2);
        Array.Clear(problem.Variables[5]);
        Array.Clear(problem.Variables[6]);
        var expected = problem.Differentiate<double>(withStateGradient: false);
        var actual = problem.Differentiate<double>(withStateGradient: false, withOptional: false);
        for (var variable = 0; variable < 5; variable++)
        {
            CollectionAssert.AreEqual(expected[variable], actual[variable]);
        }
    }

    [TestMethod]
    public void Evaluate_InTwoPieces_IsTheWhole()
    {
        var problem = new Problem(13, 5, 3);
        var (expected, expectedState) = problem.Evaluate<double>();
        var state = (double[])problem.Variables[6].Clone();
        var output = new double[13 * 5];
        foreach (var (from, to) in new[] { (0, 4), (4, 13) })
        {
            SelectiveScan.Evaluate<double>(
                5,
                3,
                problem.Variables[0].AsSpan(from * 5, (to - from) * 5),
                problem.Variables[1].AsSpan(from * 5, (to - from) * 5),
                problem.Variables[2],
                problem.Variables[3].AsSpan(from * 3, (to - from) * 3),
                problem.Variables[4].AsSpan(from * 3, (to - from) * 3),
                problem.Variables[5],
                state,
                output.AsSpan(from * 5, (to - from) * 5),
                state);
        }

        CollectionAssert.AreEqual(expected, output);
        CollectionAssert.AreEqual(expectedState, state);
    }

    [TestMethod]
    public void Evaluate_NoSteps_PassesTheStateOn()
    {
        double[] state = [1, 2, 3, 4];
        SelectiveScan.Evaluate<double>(2, 2, [], [], new double[4], [], [], [], state, [], state);
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, state);
    }

    [TestMethod]
    public void Evaluate_ShapesDisagree_NamesTheInput()
    {
        var error = Assert.ThrowsExactly<ModelException>(() => SelectiveScan.Evaluate<double>(
            2, 3, new double[4], new double[4], new double[6], new double[6], new double[5], [], [], new double[4], new double[6]));
        StringAssert.Contains(error.Message, "output weights");
        Assert.ThrowsExactly<ModelException>(() => SelectiveScan.Evaluate<double>(
            3, 1, new double[4], new double[4], new double[3], new double[1], new double[1], [], [], new double[4], new double[3]));
    }

    /// <summary>[batch, rows, length] as [length, rows] of one sequence.</summary>
    private static double[] Transposed(double[] values, int sequence, int rows, int length)
    {
        var result = new double[rows * length];
        for (var index = 0; index < result.Length; index++)
        {
            result[index] = values[(((sequence * rows) + (index % rows)) * length) + (index / rows)];
        }

        return result;
    }

    private sealed class Problem
    {
        private readonly int _length;
        private readonly int _channels;
        private readonly int _states;
        private readonly double[] _outputGradient;
        private readonly double[] _stateGradient;

        public Problem(int length, int channels, int states)
        {
            var random = new CounterRandom(11);
            (_length, _channels, _states) = (length, channels, states);
            Variables =
            [
                Rounded(Numbers.Gaussian(random, length * channels)),
                Rounded(Numbers.Gaussian(random, length * channels).Select(value => 0.05 + (0.3 * Math.Abs(value)))),
                Rounded(Numbers.Gaussian(random, channels * states).Select(value => -0.1 - Math.Abs(value))),
                Rounded(Numbers.Gaussian(random, length * states)),
                Rounded(Numbers.Gaussian(random, length * states)),
                Rounded(Numbers.Gaussian(random, channels)),
                Rounded(Numbers.Gaussian(random, channels * states)),
            ];
            _outputGradient = Rounded(Numbers.Gaussian(random, length * channels));
            _stateGradient = Rounded(Numbers.Gaussian(random, channels * states));
        }

        /// <summary>u, dt, A, B, C, D and the initial state.</summary>
        public double[][] Variables { get; }

        public (double[] Output, double[] State) Reference()
        {
            var output = new double[_length * _channels];
            var state = (double[])Variables[6].Clone();
            for (var time = 0; time < _length; time++)
            {
                for (var channel = 0; channel < _channels; channel++)
                {
                    var at = (time * _channels) + channel;
                    output[at] = Variables[5][channel] * Variables[0][at];
                    for (var index = 0; index < _states; index++)
                    {
                        ref var x = ref state[(channel * _states) + index];
                        x = (Math.Exp(Variables[1][at] * Variables[2][(channel * _states) + index]) * x)
                            + (Variables[1][at] * Variables[3][(time * _states) + index] * Variables[0][at]);
                        output[at] += Variables[4][(time * _states) + index] * x;
                    }
                }
            }

            return (output, state);
        }

        public double Loss()
        {
            var (output, state) = Reference();
            return output.Zip(_outputGradient, (a, b) => a * b).Sum() + state.Zip(_stateGradient, (a, b) => a * b).Sum();
        }

        public (T[] Output, T[] State) Evaluate<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var inputs = Variables.Select(Numbers.To<T>).ToArray();
            var output = new T[_length * _channels];
            var state = new T[_channels * _states];
            SelectiveScan.Evaluate<T>(
                _channels,
                _states,
                inputs[0],
                inputs[1],
                inputs[2],
                inputs[3],
                inputs[4],
                inputs[5],
                inputs[6],
                output,
                state);
            return (output, state);
        }

        public T[][] Differentiate<T>(bool withStateGradient = true, bool withOptional = true)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var inputs = Variables.Select(Numbers.To<T>).ToArray();
            var gradients = Variables.Select(values => new T[values.Length]).ToArray();
            SelectiveScan.Differentiate<T>(
                _channels,
                _states,
                inputs[0],
                inputs[1],
                inputs[2],
                inputs[3],
                inputs[4],
                withOptional ? inputs[5] : [],
                withOptional ? inputs[6] : [],
                Numbers.To<T>(_outputGradient),
                withStateGradient ? Numbers.To<T>(_stateGradient) : [],
                gradients[0],
                gradients[1],
                gradients[2],
                gradients[3],
                gradients[4],
                withOptional ? gradients[5] : [],
                withOptional ? gradients[6] : []);
            return gradients;
        }

        private static double[] Rounded(IEnumerable<double> values) => [.. values.Select(value => (double)(float)value)];
    }
}
