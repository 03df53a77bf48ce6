using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// One step of many diagonal systems, x = a x + u and y = 2 Re(sum_n c_n x_n) for each head, in single precision: the
/// recurrent face of S4D. The factor that multiplies an input belongs in c, so that the state is that of a unit input
/// weight and a step reads nothing else.
/// </summary>
public sealed class DiagonalStep
{
    private readonly int _lanes;
    private readonly float[] _decayReal;
    private readonly float[] _decayImaginary;
    private readonly float[] _weightReal;
    private readonly float[] _weightImaginary;

    /// <summary>Packs a [heads, pairs] and c [heads, pairs], row by row.</summary>
    /// <exception cref="ModelException">The shapes do not agree.</exception>
    public DiagonalStep(int heads, int pairs, ReadOnlySpan<Complex> decay, ReadOnlySpan<Complex> weights)
        : this(heads, pairs, decay, weights, WidestOf(pairs))
    {
    }

    internal DiagonalStep(int heads, int pairs, ReadOnlySpan<Complex> decay, ReadOnlySpan<Complex> weights, int lanes)
    {
        if (heads < 1 || pairs < 1 || decay.Length != (long)heads * pairs || weights.Length != decay.Length)
        {
            throw new ModelException(
                $"The decays hold {decay.Length} values and the weights {weights.Length}; {heads} heads of {pairs} pairs "
                + "must both be positive and each hold heads times pairs.");
        }

        Heads = heads;
        Pairs = pairs;
        _lanes = lanes;
        _decayReal = new float[decay.Length];
        _decayImaginary = new float[decay.Length];
        _weightReal = new float[decay.Length];
        _weightImaginary = new float[decay.Length];
        for (var index = 0; index < decay.Length; index++)
        {
            _decayReal[index] = (float)decay[index].Real;
            _decayImaginary[index] = (float)decay[index].Imaginary;
            _weightReal[index] = (float)(2 * weights[index].Real);
            _weightImaginary[index] = (float)(-2 * weights[index].Imaginary);
        }
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

    /// <summary>The widest vectors that the pairs of a head fill.</summary>
    private static int WidestOf(int pairs) => Math.Min(Lanes.Best, pairs >= 16 ? 16 : pairs >= 8 ? 8 : 4);

    private void Step<TLanes, TVector>(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var real = ref MemoryMarshal.GetReference(state);
        ref var imaginary = ref MemoryMarshal.GetReference(state[(Heads * Pairs)..]);
        var whole = Pairs - (Pairs % TLanes.Count);
        for (var head = 0; head < input.Length; head++)
        {
            var (start, end) = (head * Pairs, (head + 1) * Pairs);
            var y = Advance<TLanes, TVector>(start, start + whole, input[head], ref real, ref imaginary);
            output[head] = y + Advance<Lanes1, float>(start + whole, end, input[head], ref real, ref imaginary);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Advance<TLanes, TVector>(
        int start, int end, float input, ref float stateReal, ref float stateImaginary)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var decayReal = ref MemoryMarshal.GetArrayDataReference(_decayReal);
        ref var decayImaginary = ref MemoryMarshal.GetArrayDataReference(_decayImaginary);
        ref var weightReal = ref MemoryMarshal.GetArrayDataReference(_weightReal);
        ref var weightImaginary = ref MemoryMarshal.GetArrayDataReference(_weightImaginary);
        var u = TLanes.Create(input);
        var sum = TLanes.Create(0);
        for (var index = start; index < end; index += TLanes.Count)
        {
            var at = (nuint)index;
            var aReal = TLanes.Load(in decayReal, at);
            var aImaginary = TLanes.Load(in decayImaginary, at);
            var xReal = TLanes.Load(in stateReal, at);
            var xImaginary = TLanes.Load(in stateImaginary, at);
            var real = TLanes.MultiplyAdd(aReal, xReal, TLanes.Subtract(u, TLanes.Multiply(aImaginary, xImaginary)));
            var imaginary = TLanes.MultiplyAdd(aReal, xImaginary, TLanes.Multiply(aImaginary, xReal));
            TLanes.Store(real, ref stateReal, at);
            TLanes.Store(imaginary, ref stateImaginary, at);
            sum = TLanes.MultiplyAdd(TLanes.Load(in weightReal, at), real, sum);
            sum = TLanes.MultiplyAdd(TLanes.Load(in weightImaginary, at), imaginary, sum);
        }

        return TLanes.Sum(sum);
    }
}
