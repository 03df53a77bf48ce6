using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>The elementwise half of a recurrent step, fused: what follows the matrix products. * is elementwise.</summary>
public static class RecurrentCells
{
    /// <summary>
    /// LSTM: i, f, o = sigmoid(gates), g = tanh(gates); c' = f * c + i * g; h' = o * tanh(c').
    /// </summary>
    /// <param name="gates">W_ih u + b_ih + W_hh h + b_hh, [4 * units], gate-major in the order i, f, g, o.</param>
    /// <param name="memory">c on entry, c' on return, [units].</param>
    /// <param name="hidden">h' on return, [units].</param>
    /// <exception cref="ModelException">The lengths do not fit.</exception>
    public static void Lstm(ReadOnlySpan<float> gates, Span<float> memory, Span<float> hidden) =>
        Lstm(gates, memory, hidden, Lanes.Best);

    /// <summary>
    /// GRU in PyTorch's form: r, z = sigmoid(fromInput + fromState); n = tanh(fromInput + r * fromState);
    /// h' = (1 - z) * n + z * h.
    /// </summary>
    /// <param name="fromInput">W_ih u + b_ih, [3 * units], gate-major in the order r, z, n.</param>
    /// <param name="fromState">W_hh h + b_hh, [3 * units].</param>
    /// <param name="hidden">h on entry, h' on return, [units].</param>
    /// <exception cref="ModelException">The lengths do not fit.</exception>
    public static void Gru(ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, Span<float> hidden) =>
        Gru(fromInput, fromState, hidden, Lanes.Best);

    internal static void Lstm(ReadOnlySpan<float> gates, Span<float> memory, Span<float> hidden, int lanes)
    {
        if (gates.Length != 4L * hidden.Length || memory.Length != hidden.Length)
        {
            throw new ModelException(
                $"An LSTM of {hidden.Length} units has {4L * hidden.Length} gates and {hidden.Length} memory cells, not " +
                $"{gates.Length} and {memory.Length}.");
        }

        switch (lanes)
        {
            case 16:
                Lstm<Lanes512, Vector512<float>>(gates, memory, hidden);
                break;
            case 8:
                Lstm<Lanes256, Vector256<float>>(gates, memory, hidden);
                break;
            default:
                Lstm<Lanes128, Vector128<float>>(gates, memory, hidden);
                break;
        }
    }

    internal static void Gru(
        ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, Span<float> hidden, int lanes)
    {
        if (fromInput.Length != 3L * hidden.Length || fromState.Length != fromInput.Length)
        {
            throw new ModelException(
                $"A GRU of {hidden.Length} units has {3L * hidden.Length} gates, not {fromInput.Length} from the input and " +
                $"{fromState.Length} from the state.");
        }

        switch (lanes)
        {
            case 16:
                Gru<Lanes512, Vector512<float>>(fromInput, fromState, hidden);
                break;
            case 8:
                Gru<Lanes256, Vector256<float>>(fromInput, fromState, hidden);
                break;
            default:
                Gru<Lanes128, Vector128<float>>(fromInput, fromState, hidden);
                break;
        }
    }

    private static void Lstm<TLanes, TVector>(ReadOnlySpan<float> gates, Span<float> memory, Span<float> hidden)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var gate = ref MemoryMarshal.GetReference(gates);
        ref var cell = ref MemoryMarshal.GetReference(memory);
        ref var output = ref MemoryMarshal.GetReference(hidden);
        var units = (nuint)hidden.Length;
        for (var unit = 0; unit < hidden.Length; unit += TLanes.Count)
        {
            var offset = (nuint)unit;
            var count = hidden.Length - unit;
            var i = ActivationFunctions<TLanes, TVector>.Sigmoid(Lanes.Load<TLanes, TVector>(in gate, offset, count));
            var f = ActivationFunctions<TLanes, TVector>.Sigmoid(
                Lanes.Load<TLanes, TVector>(in gate, offset + units, count));
            var g = ActivationFunctions<TLanes, TVector>.Tanh(
                Lanes.Load<TLanes, TVector>(in gate, offset + (2 * units), count));
            var o = ActivationFunctions<TLanes, TVector>.Sigmoid(
                Lanes.Load<TLanes, TVector>(in gate, offset + (3 * units), count));
            var c = Lanes.Load<TLanes, TVector>(in cell, offset, count);
            c = TLanes.MultiplyAdd(f, c, TLanes.Multiply(i, g));
            Lanes.Store<TLanes, TVector>(c, ref cell, offset, count);
            var h = TLanes.Multiply(o, ActivationFunctions<TLanes, TVector>.Tanh(c));
            Lanes.Store<TLanes, TVector>(h, ref output, offset, count);
        }
    }

    private static void Gru<TLanes, TVector>(
        ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, Span<float> hidden)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var input = ref MemoryMarshal.GetReference(fromInput);
        ref var state = ref MemoryMarshal.GetReference(fromState);
        ref var output = ref MemoryMarshal.GetReference(hidden);
        var units = (nuint)hidden.Length;
        for (var unit = 0; unit < hidden.Length; unit += TLanes.Count)
        {
            var offset = (nuint)unit;
            var count = hidden.Length - unit;
            var r = ActivationFunctions<TLanes, TVector>.Sigmoid(TLanes.Add(
                Lanes.Load<TLanes, TVector>(in input, offset, count),
                Lanes.Load<TLanes, TVector>(in state, offset, count)));
            var z = ActivationFunctions<TLanes, TVector>.Sigmoid(TLanes.Add(
                Lanes.Load<TLanes, TVector>(in input, offset + units, count),
                Lanes.Load<TLanes, TVector>(in state, offset + units, count)));
            var n = ActivationFunctions<TLanes, TVector>.Tanh(TLanes.MultiplyAdd(
                r,
                Lanes.Load<TLanes, TVector>(in state, offset + (2 * units), count),
                Lanes.Load<TLanes, TVector>(in input, offset + (2 * units), count)));
            var h = Lanes.Load<TLanes, TVector>(in output, offset, count);
            Lanes.Store<TLanes, TVector>(
                TLanes.MultiplyAdd(z, TLanes.Subtract(h, n), n), ref output, offset, count);
        }
    }
}
