using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// One step of many diagonal plus low-rank systems in single precision, the recurrent face of S4: each head's state moves
/// as <see cref="StructuredStep"/> says, and y = 2 Re(sum_n C_n x_n).
/// </summary>
public sealed class DiagonalPlusLowRankStep
{
    private readonly int _lanes;
    private readonly int _rank;

    // [heads, pairs], and for left and right [heads, rank, pairs]; real parts before imaginary ones. Output and right,
    // of whose products only the real part is wanted, are kept as 2 Re and -2 Im.
    private readonly float[] _decay;
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly float[] _left;
    private readonly float[] _right;

    /// <summary>Packs the step of each head, and the output weights C [heads, pairs] row by row.</summary>
    /// <exception cref="ModelException">There is no head, or the shapes of the heads do not agree.</exception>
    public DiagonalPlusLowRankStep(IReadOnlyList<StructuredStep> heads, ReadOnlySpan<Complex> output)
        : this(heads, output, Lanes.Best)
    {
    }

    internal DiagonalPlusLowRankStep(IReadOnlyList<StructuredStep> heads, ReadOnlySpan<Complex> output, int lanes)
    {
        Heads = heads.Count;
        Pairs = Heads == 0 ? 0 : heads[0].Decay.Length;
        _rank = Heads == 0 ? 0 : heads[0].Left.Length / Pairs;
        if (Heads == 0 || output.Length != Heads * Pairs
            || heads.Any(head => head.Decay.Length != Pairs || head.Left.Length != _rank * Pairs))
        {
            throw new ModelException(
                $"There are {Heads} heads, the first of {Pairs} pairs and rank {_rank}, and {output.Length} output weights; "
                + "there must be a head, all must be alike, and the weights must be heads times pairs.");
        }

        _lanes = lanes;
        _decay = Pack([.. heads.SelectMany(head => head.Decay)], 1, 1);
        _input = Pack([.. heads.SelectMany(head => head.Input)], 1, 1);
        _output = Pack(output, 2, -2);
        _left = Pack([.. heads.SelectMany(head => head.Left)], 1, 1);
        _right = Pack([.. heads.SelectMany(head => head.Right)], 2, -2);
    }

    /// <summary>Systems side by side, one input and one output each.</summary>
    public int Heads { get; }

    /// <summary>Conjugate pairs of each system.</summary>
    public int Pairs { get; }

    /// <summary>
    /// Takes one step: inputs u [heads], state [2, heads, pairs], real parts before imaginary ones, which is advanced in
    /// place, outputs y [heads]. The inputs and outputs may be the same span.
    /// </summary>
    /// <exception cref="ModelException">A span does not fit.</exception>
    public void Step(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        if (input.Length != Heads || output.Length != Heads || state.Length != 2 * Heads * Pairs)
        {
            throw new ModelException(
                $"The input holds {input.Length} values, the state {state.Length} and the output {output.Length}; they "
                + $"must hold {Heads}, {2 * Heads * Pairs} and {Heads}.");
        }

        switch (_lanes)
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

    private static float[] Pack(ReadOnlySpan<Complex> values, double real, double imaginary)
    {
        var planes = new float[2 * values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            planes[index] = (float)(real * values[index].Real);
            planes[values.Length + index] = (float)(imaginary * values[index].Imaginary);
        }

        return planes;
    }

    private void Step<TLanes, TVector>(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var real = ref MemoryMarshal.GetReference(state);
        ref var imaginary = ref MemoryMarshal.GetReference(state[(Heads * Pairs)..]);
        var whole = Pairs - (Pairs % TLanes.Count);
        Span<float> inner = _rank <= 16 ? stackalloc float[_rank] : new float[_rank];
        for (var head = 0; head < input.Length; head++)
        {
            var (start, middle, end) = (head * Pairs, (head * Pairs) + whole, (head + 1) * Pairs);
            for (var term = 0; term < _rank; term++)
            {
                inner[term] = Contract<TLanes, TVector>(head, term, start, middle, ref real, ref imaginary)
                    + Contract<Lanes1, float>(head, term, middle, end, ref real, ref imaginary);
            }

            output[head] = Advance<TLanes, TVector>(head, start, middle, input[head], inner, ref real, ref imaginary)
                + Advance<Lanes1, float>(head, middle, end, input[head], inner, ref real, ref imaginary);
        }
    }

    /// <summary>2 Re(sum_n right_n x_n) of one head and term over part of the pairs.</summary>
    private float Contract<TLanes, TVector>(
        int head, int term, int start, int end, ref float stateReal, ref float stateImaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var rightReal = ref Row(_right, head, term);
        ref var rightImaginary = ref Unsafe.Add(ref rightReal, _right.Length / 2);
        var sum = TLanes.Create(0);
        for (var index = start; index < end; index += TLanes.Count)
        {
            var at = (nuint)index;
            var row = (nuint)(index - (head * Pairs));
            sum = TLanes.MultiplyAdd(TLanes.Load(in rightReal, row), TLanes.Load(in stateReal, at), sum);
            sum = TLanes.MultiplyAdd(TLanes.Load(in rightImaginary, row), TLanes.Load(in stateImaginary, at), sum);
        }

        return TLanes.Sum(sum);
    }

    private float Advance<TLanes, TVector>(
        int head,
        int start,
        int end,
        float input,
        ReadOnlySpan<float> inner,
        ref float stateReal,
        ref float stateImaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var decayReal = ref MemoryMarshal.GetArrayDataReference(_decay);
        ref var decayImaginary = ref Unsafe.Add(ref decayReal, _decay.Length / 2);
        ref var inputReal = ref MemoryMarshal.GetArrayDataReference(_input);
        ref var inputImaginary = ref Unsafe.Add(ref inputReal, _input.Length / 2);
        ref var outputReal = ref MemoryMarshal.GetArrayDataReference(_output);
        ref var outputImaginary = ref Unsafe.Add(ref outputReal, _output.Length / 2);
        var u = TLanes.Create(input);
        var sum = TLanes.Create(0);
        for (var index = start; index < end; index += TLanes.Count)
        {
            var at = (nuint)index;
            var aReal = TLanes.Load(in decayReal, at);
            var aImaginary = TLanes.Load(in decayImaginary, at);
            var xReal = TLanes.Load(in stateReal, at);
            var xImaginary = TLanes.Load(in stateImaginary, at);
            var real = TLanes.MultiplyAdd(TLanes.Load(in inputReal, at), u, TLanes.Multiply(aReal, xReal));
            real = TLanes.Subtract(real, TLanes.Multiply(aImaginary, xImaginary));
            var imaginary = TLanes.MultiplyAdd(TLanes.Load(in inputImaginary, at), u, TLanes.Multiply(aReal, xImaginary));
            imaginary = TLanes.MultiplyAdd(aImaginary, xReal, imaginary);
            for (var term = 0; term < inner.Length; term++)
            {
                ref var leftReal = ref Row(_left, head, term);
                ref var leftImaginary = ref Unsafe.Add(ref leftReal, _left.Length / 2);
                var scale = TLanes.Create(inner[term]);
                var row = (nuint)(index - (head * Pairs));
                real = TLanes.MultiplyAdd(TLanes.Load(in leftReal, row), scale, real);
                imaginary = TLanes.MultiplyAdd(TLanes.Load(in leftImaginary, row), scale, imaginary);
            }

            TLanes.Store(real, ref stateReal, at);
            TLanes.Store(imaginary, ref stateImaginary, at);
            sum = TLanes.MultiplyAdd(TLanes.Load(in outputReal, at), real, sum);
            sum = TLanes.MultiplyAdd(TLanes.Load(in outputImaginary, at), imaginary, sum);
        }

        return TLanes.Sum(sum);
    }

    private ref float Row(float[] planes, int head, int term) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(planes), ((head * _rank) + term) * Pairs);
}
