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
        var units = hidden.Length;
        var whole = units - (units % TLanes.Count);
        LstmVectors<TLanes, TVector>(gates, units, memory, hidden, whole);
        if (whole == units)
        {
            return;
        }

        // The last units, padded to one vector.
        Span<float> tail = stackalloc float[6 * Lanes.Most];
        var (lanes, rest) = (TLanes.Count, units - whole);
        for (var gate = 0; gate < 4; gate++)
        {
            gates.Slice((gate * units) + whole, rest).CopyTo(tail[(gate * lanes)..]);
        }

        var cell = tail.Slice(4 * lanes, lanes);
        var output = tail.Slice(5 * lanes, lanes);
        memory[whole..].CopyTo(cell);
        LstmVectors<TLanes, TVector>(tail, lanes, cell, output, lanes);
        cell[..rest].CopyTo(memory[whole..]);
        output[..rest].CopyTo(hidden[whole..]);
    }

    private static void LstmVectors<TLanes, TVector>(
        ReadOnlySpan<float> gates, int units, Span<float> memory, Span<float> hidden, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var gate = ref MemoryMarshal.GetReference(gates);
        ref var cell = ref MemoryMarshal.GetReference(memory);
        ref var output = ref MemoryMarshal.GetReference(hidden);
        var stride = (nuint)units;
        for (nuint unit = 0; unit < (nuint)count; unit += (nuint)TLanes.Count)
        {
            var i = ActivationFunctions<TLanes, TVector>.Sigmoid(TLanes.Load(in gate, unit));
            var f = ActivationFunctions<TLanes, TVector>.Sigmoid(TLanes.Load(in gate, unit + stride));
            var g = ActivationFunctions<TLanes, TVector>.Tanh(TLanes.Load(in gate, unit + (2 * stride)));
            var o = ActivationFunctions<TLanes, TVector>.Sigmoid(TLanes.Load(in gate, unit + (3 * stride)));
            var c = TLanes.MultiplyAdd(f, TLanes.Load(in cell, unit), TLanes.Multiply(i, g));
            TLanes.Store(c, ref cell, unit);
            TLanes.Store(TLanes.Multiply(o, ActivationFunctions<TLanes, TVector>.Tanh(c)), ref output, unit);
        }
    }

    private static void Gru<TLanes, TVector>(
        ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, Span<float> hidden)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var units = hidden.Length;
        var whole = units - (units % TLanes.Count);
        GruVectors<TLanes, TVector>(fromInput, fromState, units, hidden, whole);
        if (whole == units)
        {
            return;
        }

        // The last units, padded to one vector.
        Span<float> tail = stackalloc float[7 * Lanes.Most];
        var (lanes, rest) = (TLanes.Count, units - whole);
        var state = tail.Slice(3 * lanes, 3 * lanes);
        for (var gate = 0; gate < 3; gate++)
        {
            fromInput.Slice((gate * units) + whole, rest).CopyTo(tail[(gate * lanes)..]);
            fromState.Slice((gate * units) + whole, rest).CopyTo(state[(gate * lanes)..]);
        }

        var output = tail.Slice(6 * lanes, lanes);
        hidden[whole..].CopyTo(output);
        GruVectors<TLanes, TVector>(tail, state, lanes, output, lanes);
        output[..rest].CopyTo(hidden[whole..]);
    }

    private static void GruVectors<TLanes, TVector>(
        ReadOnlySpan<float> fromInput, ReadOnlySpan<float> fromState, int units, Span<float> hidden, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var input = ref MemoryMarshal.GetReference(fromInput);
        ref var state = ref MemoryMarshal.GetReference(fromState);
        ref var output = ref MemoryMarshal.GetReference(hidden);
        var stride = (nuint)units;
        for (nuint unit = 0; unit < (nuint)count; unit += (nuint)TLanes.Count)
        {
            var r = ActivationFunctions<TLanes, TVector>.Sigmoid(
                TLanes.Add(TLanes.Load(in input, unit), TLanes.Load(in state, unit)));
            var z = ActivationFunctions<TLanes, TVector>.Sigmoid(
                TLanes.Add(TLanes.Load(in input, unit + stride), TLanes.Load(in state, unit + stride)));
            var n = ActivationFunctions<TLanes, TVector>.Tanh(TLanes.MultiplyAdd(
                r, TLanes.Load(in state, unit + (2 * stride)), TLanes.Load(in input, unit + (2 * stride))));
            var h = TLanes.Load(in output, unit);
            TLanes.Store(TLanes.MultiplyAdd(z, TLanes.Subtract(h, n), n), ref output, unit);
        }
    }
}
