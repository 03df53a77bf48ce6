using System.Buffers;
using System.Numerics;
using Sequence.Numerics;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The generating function of S4's kernel at the roots of unity, with its gradients, in plain C#: the sums over poles and the
/// low-rank correction of one feature at a time, in double precision. What a feature needs between is computed again for the
/// gradients, so that no array of poles times nodes or of low-rank terms times nodes outlives a feature.
/// </summary>
/// <remarks>
/// With the sums s[i, j] = sum over n of v / (z - p) + conj(v) / (z - conj(p)) for the left factors i of (B, P) and the right
/// factors j of (C~, conj(P)), T[l, i] = 1 + s[1 + l, kernels + i] and W = T^-1, the value of kernel j is
/// (1 + z / 2) (s[0, j] - sum over i, l of s[0, kernels + i] W[i, l] s[1 + l, j]).
/// </remarks>
internal sealed class GeneratingFunction : autograd.SingleTensorFunction<GeneratingFunction>
{
    public override string Name => nameof(GeneratingFunction);

    /// <summary>The function at the nodes z = i y.</summary>
    /// <param name="nodes">y, double [nodes].</param>
    /// <param name="poles">p, complex [features, poles].</param>
    /// <param name="products">v, complex [features, 1 + rank, kernels + rank, poles].</param>
    /// <param name="type">Element type of the result's parts.</param>
    /// <returns>
    /// Complex [features, kernels, nodes]. It is computed on the CPU, features beside each other where libtorch may use
    /// several threads.
    /// </returns>
    public static Tensor At(double[] nodes, Tensor poles, Tensor products, ScalarType type)
    {
        static Tensor Operand(Tensor value) => value.to(ScalarType.Float64).cpu().contiguous();
        Tensor[] operands = [Operand(poles.real), Operand(poles.imag), Operand(products.real), Operand(products.imag)];
        var isRecorded = is_grad_enabled() && (poles.requires_grad || products.requires_grad);
        var parts = (isRecorded ? apply([.. operands, nodes, type]) : Evaluate(operands, nodes, type)).to(poles.device);
        return complex(parts.select(0, 0), parts.select(0, 1));
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] operands = [.. vars.OfType<Tensor>()];
        var nodes = (double[])vars[^2];
        ctx.save_for_backward([.. operands]);
        ctx.save_data(nameof(nodes), nodes);
        return Evaluate(operands, nodes, (ScalarType)vars[^1]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        Tensor[] operands = [.. ctx.get_saved_variables()];
        var nodes = (double[])ctx.get_data("nodes");
        var gradient = grad_output.contiguous();
        return gradient.dtype == ScalarType.Float64
            ? Differentiate<double>(operands, nodes, gradient)
            : Differentiate<float>(operands, nodes, gradient);
    }

    private static Tensor Evaluate(Tensor[] operands, double[] nodes, ScalarType type) => type == ScalarType.Float64
        ? Evaluate<double>(operands, nodes, type)
        : Evaluate<float>(operands, nodes, type);

    private static Tensor Evaluate<T>(Tensor[] operands, double[] nodes, ScalarType type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (features, rank, kernels) = Sizes(operands);
        var result = empty([2, features, kernels, nodes.Length], dtype: type);
        ForEachFeature(features, feature =>
        {
            using var sums = Sums.Of(operands, nodes, feature);
            var real = Part<T>(result, feature, 2 * features);
            var imaginary = Part<T>(result, features + feature, 2 * features);
            var correction = new Correction(rank, kernels);
            for (var node = 0; node < nodes.Length; node++)
            {
                correction.Solve(sums, node);
                for (var kernel = 0; kernel < kernels; kernel++)
                {
                    var value = correction.Value(sums, node, kernel) * new Complex(1, 0.5 * nodes[node]);
                    real[(kernel * nodes.Length) + node] = T.CreateTruncating(value.Real);
                    imaginary[(kernel * nodes.Length) + node] = T.CreateTruncating(value.Imaginary);
                }
            }
        });
        return result;
    }

    private static List<Tensor> Differentiate<T>(Tensor[] operands, double[] nodes, Tensor gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (features, rank, kernels) = Sizes(operands);
        Tensor[] results = [.. operands.Select(operand => empty_like(operand))];
        ForEachFeature(features, feature =>
        {
            using var sums = Sums.Of(operands, nodes, feature);
            var real = Part<T>(gradient, feature, 2 * features);
            var imaginary = Part<T>(gradient, features + feature, 2 * features);
            var correction = new Correction(rank, kernels);
            var values = new Complex[kernels];
            for (var node = 0; node < nodes.Length; node++)
            {
                correction.Solve(sums, node);
                for (var kernel = 0; kernel < kernels; kernel++)
                {
                    var index = (kernel * nodes.Length) + node;
                    values[kernel] = new Complex(double.CreateTruncating(real[index]), double.CreateTruncating(imaginary[index]))
                        * new Complex(1, -0.5 * nodes[node]);
                }

                correction.Differentiate(sums, node, values);
            }

            // The gradients by the sums have taken the place of the sums.
            CauchyKernel.Differentiate<double>(
                nodes,
                Part<double>(operands[0], feature, features),
                Part<double>(operands[1], feature, features),
                Part<double>(operands[2], feature, features),
                Part<double>(operands[3], feature, features),
                sums.Real,
                sums.Imaginary,
                Part<double>(results[0], feature, features),
                Part<double>(results[1], feature, features),
                Part<double>(results[2], feature, features),
                Part<double>(results[3], feature, features));
        });
        return [.. results, null!, null!];
    }

    private static (int Features, int Rank, int Kernels) Sizes(Tensor[] operands)
    {
        var shape = operands[2].shape;
        var rank = (int)shape[1] - 1;
        return ((int)shape[0], rank, (int)shape[2] - rank);
    }

    private static Span<T> Part<T>(Tensor tensor, int index, int count)
        where T : unmanaged
    {
        var values = tensor.AsSpan<T>();
        var length = values.Length / count;
        return values.Slice(index * length, length);
    }

    private static void ForEachFeature(int features, Action<int> action)
    {
        var threads = get_num_threads();
        if (threads > 1)
        {
            Parallel.For(0, features, new ParallelOptions { MaxDegreeOfParallelism = threads }, action);
            return;
        }

        for (var feature = 0; feature < features; feature++)
        {
            action(feature);
        }
    }

    /// <summary>The sums over poles of one feature, [left, right, nodes], in rented memory.</summary>
    private sealed class Sums : IDisposable
    {
        private readonly double[] _memory;
        private readonly int _length;
        private readonly int _nodes;

        private Sums(int rows, int nodes)
        {
            _nodes = nodes;
            _length = rows * nodes;
            _memory = ArrayPool<double>.Shared.Rent(2 * _length);
        }

        public Span<double> Real => _memory.AsSpan(0, _length);

        public Span<double> Imaginary => _memory.AsSpan(_length, _length);

        public Complex this[int row, int node]
        {
            get => new(_memory[(row * _nodes) + node], _memory[_length + (row * _nodes) + node]);
            set => (_memory[(row * _nodes) + node], _memory[_length + (row * _nodes) + node]) = (value.Real, value.Imaginary);
        }

        public static Sums Of(Tensor[] operands, double[] nodes, int feature)
        {
            var shape = operands[2].shape;
            var sums = new Sums((int)(shape[1] * shape[2]), nodes.Length);
            var features = (int)shape[0];
            CauchyKernel.Evaluate<double>(
                nodes,
                Part<double>(operands[0], feature, features),
                Part<double>(operands[1], feature, features),
                Part<double>(operands[2], feature, features),
                Part<double>(operands[3], feature, features),
                sums.Real,
                sums.Imaginary);
            return sums;
        }

        public void Dispose() => ArrayPool<double>.Shared.Return(_memory);
    }

    /// <summary>The low-rank correction at one node, and its gradients.</summary>
    private sealed class Correction(int rank, int kernels)
    {
        private readonly int _columns = kernels + rank;
        private readonly Complex[] _system = new Complex[rank * 2 * rank];

        // W s of each kernel, [rank, kernels].
        private readonly Complex[] _solutions = new Complex[rank * kernels];

        /// <summary>Computes W, and W times the sums of every kernel with P.</summary>
        public void Solve(Sums sums, int node)
        {
            for (var row = 0; row < rank; row++)
            {
                for (var column = 0; column < rank; column++)
                {
                    var unit = row == column ? Complex.One : Complex.Zero;
                    _system[(row * 2 * rank) + column] = sums[((1 + row) * _columns) + kernels + column, node] + unit;
                    _system[(row * 2 * rank) + rank + column] = unit;
                }
            }

            Invert();
            for (var row = 0; row < rank; row++)
            {
                for (var kernel = 0; kernel < kernels; kernel++)
                {
                    var sum = Complex.Zero;
                    for (var column = 0; column < rank; column++)
                    {
                        sum += Inverse(row, column) * sums[((1 + column) * _columns) + kernel, node];
                    }

                    _solutions[(row * kernels) + kernel] = sum;
                }
            }
        }

        public Complex Value(Sums sums, int node, int kernel)
        {
            var value = sums[kernel, node];
            for (var term = 0; term < rank; term++)
            {
                value -= sums[kernels + term, node] * _solutions[(term * kernels) + kernel];
            }

            return value;
        }

        /// <summary>Puts the gradients by the sums in their place, given those by the values of the kernels.</summary>
        public void Differentiate(Sums sums, int node, ReadOnlySpan<Complex> gradients)
        {
            for (var left = 0; left < rank; left++)
            {
                // Row l of s[0, kernels ..] W, which multiplies the sums of the kernels with P.
                var weight = Complex.Zero;
                for (var term = 0; term < rank; term++)
                {
                    weight += sums[kernels + term, node] * Inverse(term, left);
                }

                weight = Complex.Conjugate(weight);
                var row = (1 + left) * _columns;
                for (var kernel = 0; kernel < kernels; kernel++)
                {
                    sums[row + kernel, node] = -weight * gradients[kernel];
                }

                for (var term = 0; term < rank; term++)
                {
                    sums[row + kernels + term, node] = weight * BySolution(term, gradients);
                }
            }

            for (var term = 0; term < rank; term++)
            {
                sums[kernels + term, node] = -BySolution(term, gradients);
            }

            for (var kernel = 0; kernel < kernels; kernel++)
            {
                sums[kernel, node] = gradients[kernel];
            }
        }

        private Complex BySolution(int term, ReadOnlySpan<Complex> gradients)
        {
            var sum = Complex.Zero;
            for (var kernel = 0; kernel < kernels; kernel++)
            {
                sum += Complex.Conjugate(_solutions[(term * kernels) + kernel]) * gradients[kernel];
            }

            return sum;
        }

        private Complex Inverse(int row, int column) => _system[(row * 2 * rank) + rank + column];

        /// <summary>
        /// Gauss-Jordan elimination. It needs no row exchanges: each pivot is 1 plus the transfer function of a dissipative
        /// system, whose real part is positive on the imaginary axis.
        /// </summary>
        private void Invert()
        {
            var columns = 2 * rank;
            for (var pivot = 0; pivot < rank; pivot++)
            {
                var head = _system[(pivot * columns) + pivot];
                var scale = Complex.Conjugate(head) / ((head.Real * head.Real) + (head.Imaginary * head.Imaginary));
                for (var column = pivot; column < columns; column++)
                {
                    _system[(pivot * columns) + column] *= scale;
                }

                for (var row = 0; row < rank; row++)
                {
                    var multiple = _system[(row * columns) + pivot];
                    for (var column = pivot; row != pivot && column < columns; column++)
                    {
                        _system[(row * columns) + column] -= multiple * _system[(pivot * columns) + column];
                    }
                }
            }
        }
    }
}
