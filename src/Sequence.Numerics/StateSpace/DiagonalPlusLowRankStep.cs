using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// One step of many diagonal plus low-rank systems in single precision, the recurrent face of S4: for each head
/// <see cref="StructuredStep"/>'s x = decay . x + sum_r left_r 2 Re(right_r^T x) + input u, and y = 2 Re(sum_n c_n x_n) for each
/// channel. The work is O(rank N) a head; a dense step would be O(N^2), and a diagonal one is out of reach, because the
/// eigenvectors of HiPPO-LegS have entries up to 2^(4N/3).
/// </summary>
public sealed class DiagonalPlusLowRankStep
{
    private readonly int _rank;
    private readonly Planes _decay;
    private readonly Planes _left;
    private readonly Planes _right;
    private readonly Planes _input;
    private readonly Planes _weights;

    /// <summary>Packs the coefficients.</summary>
    /// <param name="heads">The systems side by side, all of one state size and rank.</param>
    /// <param name="weights">c, [channels, heads, pairs] row by row.</param>
    /// <exception cref="ModelException">The shapes do not agree.</exception>
    public DiagonalPlusLowRankStep(IReadOnlyList<StructuredStep> heads, ReadOnlySpan<Complex> weights)
    {
        ArgumentNullException.ThrowIfNull(heads);
        Heads = heads.Count;
        Pairs = Heads == 0 ? 0 : heads[0].Decay.Length;
        _rank = Pairs == 0 ? 0 : heads[0].Left.Length / Pairs;
        if (Pairs == 0
            || heads.Any(head => head.Decay.Length != Pairs || head.Left.Length != _rank * Pairs)
            || weights.Length == 0
            || weights.Length % (Heads * Pairs) != 0)
        {
            throw new ModelException(
                $"There are {Heads} heads and {weights.Length} output weights; the heads must agree in state size and rank, and "
                + "the weights be channels times heads times pairs.");
        }

        Channels = weights.Length / (Heads * Pairs);
        _decay = new Planes(heads.SelectMany(head => head.Decay), 1, 1);
        _left = new Planes(heads.SelectMany(head => head.Left), 1, 1);
        _input = new Planes(heads.SelectMany(head => head.Input), 1, 1);

        // 2 Re(r x) = (2 Re r) Re x + (-2 Im r) Im x.
        _right = new Planes(heads.SelectMany(head => head.Right), 2, -2);
        _weights = new Planes(weights.ToArray(), 2, -2);
    }

    /// <summary>Systems side by side, one input each.</summary>
    public int Heads { get; }

    /// <summary>Conjugate pairs of each system.</summary>
    public int Pairs { get; }

    /// <summary>Outputs of each system.</summary>
    public int Channels { get; }

    /// <summary>
    /// Takes one step: inputs u [heads], state [2, heads, pairs], real parts before imaginary ones, which is advanced in
    /// place, outputs y [channels, heads].
    /// </summary>
    /// <exception cref="ModelException">A span does not fit.</exception>
    public void Step(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        if (input.Length != Heads || output.Length != Channels * Heads || state.Length != 2 * Heads * Pairs)
        {
            throw new ModelException(
                $"The input holds {input.Length} values, the state {state.Length} and the output {output.Length}; they "
                + $"must hold {Heads}, {2 * Heads * Pairs} and {Channels * Heads}.");
        }

        // The widest vectors that the pairs of a head fill.
        switch (Math.Min(Lanes.Best, Pairs >= 16 ? 16 : Pairs >= 8 ? 8 : 4))
        {
            case 16:
                Step<Lanes512, Vector512<float>>(input, state, output);
                break;
            case 8:
                Step<Lanes256, Vector256<float>>(input, state, output);
                break;
            default:
                Step<Lanes128, Vector128<float>>(input, state, output);
                break;
        }
    }

    private void Step<TLanes, TVector>(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        Span<float> projections = stackalloc float[_rank];
        for (var head = 0; head < Heads; head++)
        {
            var at = head * Pairs;
            var real = state.Slice(at, Pairs);
            var imaginary = state.Slice((Heads * Pairs) + at, Pairs);
            for (var term = 0; term < _rank; term++)
            {
                projections[term] = Dot<TLanes, TVector>(_right, (head * _rank * Pairs) + (term * Pairs), real, imaginary);
            }

            Advance<TLanes, TVector>(head, input[head], projections, real, imaginary);
            for (var channel = 0; channel < Channels; channel++)
            {
                var row = (channel * Heads) + head;
                output[row] = Dot<TLanes, TVector>(_weights, row * Pairs, real, imaginary);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot<TLanes, TVector>(Planes row, int start, ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var rowReal = ref row.Real[start];
        ref var rowImaginary = ref row.Imaginary[start];
        ref var xReal = ref MemoryMarshal.GetReference(real);
        ref var xImaginary = ref MemoryMarshal.GetReference(imaginary);
        var sum = TLanes.Create(0);
        var index = 0;
        for (; index + TLanes.Count <= real.Length; index += TLanes.Count)
        {
            var offset = (nuint)index;
            sum = TLanes.MultiplyAdd(TLanes.Load(in rowReal, offset), TLanes.Load(in xReal, offset), sum);
            sum = TLanes.MultiplyAdd(TLanes.Load(in rowImaginary, offset), TLanes.Load(in xImaginary, offset), sum);
        }

        var total = TLanes.Sum(sum);
        for (; index < real.Length; index++)
        {
            total += (Unsafe.Add(ref rowReal, index) * real[index]) + (Unsafe.Add(ref rowImaginary, index) * imaginary[index]);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance<TLanes, TVector>(
        int head, float input, ReadOnlySpan<float> projections, Span<float> real, Span<float> imaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var decayReal = ref _decay.Real[head * Pairs];
        ref var decayImaginary = ref _decay.Imaginary[head * Pairs];
        ref var inputReal = ref _input.Real[head * Pairs];
        ref var inputImaginary = ref _input.Imaginary[head * Pairs];
        ref var xReal = ref MemoryMarshal.GetReference(real);
        ref var xImaginary = ref MemoryMarshal.GetReference(imaginary);
        var u = TLanes.Create(input);
        var index = 0;
        for (; index + TLanes.Count <= real.Length; index += TLanes.Count)
        {
            var offset = (nuint)index;
            var (a, b) = (TLanes.Load(in decayReal, offset), TLanes.Load(in decayImaginary, offset));
            var (x, y) = (TLanes.Load(in xReal, offset), TLanes.Load(in xImaginary, offset));
            var nextReal = TLanes.Multiply(TLanes.Load(in inputReal, offset), u);
            var nextImaginary = TLanes.Multiply(TLanes.Load(in inputImaginary, offset), u);
            for (var term = 0; term < projections.Length; term++)
            {
                var row = (nuint)((((head * _rank) + term) * Pairs) + index);
                var factor = TLanes.Create(projections[term]);
                nextReal = TLanes.MultiplyAdd(TLanes.Load(in _left.Real[0], row), factor, nextReal);
                nextImaginary = TLanes.MultiplyAdd(TLanes.Load(in _left.Imaginary[0], row), factor, nextImaginary);
            }

            nextReal = TLanes.MultiplyAdd(a, x, TLanes.Subtract(nextReal, TLanes.Multiply(b, y)));
            nextImaginary = TLanes.MultiplyAdd(a, y, TLanes.MultiplyAdd(b, x, nextImaginary));
            TLanes.Store(nextReal, ref xReal, offset);
            TLanes.Store(nextImaginary, ref xImaginary, offset);
        }

        for (; index < real.Length; index++)
        {
            var (a, b) = (Unsafe.Add(ref decayReal, index), Unsafe.Add(ref decayImaginary, index));
            var (x, y) = (real[index], imaginary[index]);
            var nextReal = Unsafe.Add(ref inputReal, index) * input;
            var nextImaginary = Unsafe.Add(ref inputImaginary, index) * input;
            for (var term = 0; term < projections.Length; term++)
            {
                var row = (((head * _rank) + term) * Pairs) + index;
                nextReal += _left.Real[row] * projections[term];
                nextImaginary += _left.Imaginary[row] * projections[term];
            }

            real[index] = (a * x) - (b * y) + nextReal;
            imaginary[index] = (a * y) + (b * x) + nextImaginary;
        }
    }

    /// <summary>Complex coefficients as two planes, each with a factor.</summary>
    private sealed class Planes(IEnumerable<Complex> values, double realFactor, double imaginaryFactor)
    {
        public float[] Real { get; } = [.. values.Select(value => (float)(realFactor * value.Real))];

        public float[] Imaginary { get; } = [.. values.Select(value => (float)(imaginaryFactor * value.Imaginary))];
    }
}
