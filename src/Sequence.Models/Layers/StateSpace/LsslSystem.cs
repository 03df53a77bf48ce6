using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The discrete systems (Abar, Bbar) of all features and what is computed from them over a sequence, in float64. Sequences
/// are cut into blocks of W, a power of two: with K = (Bbar, Abar Bbar, ..., Abar^(W-1) Bbar) and P = Abar^W,
/// <code>
/// kernel  C Abar^(i W + j) Bbar = (C P^i) K[j]
/// state   sum over j of Abar^(L-1-j) Bbar u[j], by halving: s = P s_left + s_right
/// </code>
/// so that neither the Krylov matrix [features, states, L] nor L states are ever held.
/// </summary>
internal sealed class LsslSystem
{
    private readonly bool _isKept;

    /// <summary>Abar^(2^k), [features, states, states], where known.</summary>
    private readonly List<Tensor?> _powers = [];

    /// <summary>K, [features, states, W].</summary>
    private Tensor _krylov;

    /// <summary>Discretises.</summary>
    /// <param name="a">A, [states, states] or [features, states, states].</param>
    /// <param name="b">B, [states] or [features, states].</param>
    /// <param name="logStep">log dt, [features].</param>
    /// <param name="alpha">Of the generalised bilinear transform.</param>
    /// <param name="rate">Multiplies dt.</param>
    /// <param name="isKept">Whether it outlives the dispose scope and the graph it is made in.</param>
    public LsslSystem(Tensor a, Tensor b, Tensor logStep, double alpha, double rate, bool isKept)
    {
        _isKept = isKept;
        Tensor Number(double value) => tensor(value, dtype: ScalarType.Float64, device: a.device);
        var both = Keep(() =>
        {
            var step = logStep.to(ScalarType.Float64).exp().mul(Number(rate)).reshape(-1, 1, 1);
            var drift = a.to(ScalarType.Float64).mul(step);
            var drive = b.to(ScalarType.Float64).unsqueeze(-1).mul(step);
            var identity = eye(a.shape[^1], dtype: ScalarType.Float64, device: a.device);
            return linalg.solve(
                identity.sub(drift.mul(Number(alpha))),
                cat([identity.add(drift.mul(Number(1 - alpha))), drive], dim: 2));
        });
        var states = a.shape[^1];
        _powers.Add(Keep(() => both.narrow(2, 0, states).contiguous()));
        _krylov = Keep(() => both.narrow(2, states, 1).contiguous());
        if (isKept)
        {
            both.Dispose();
        }
    }

    /// <summary>Abar, [features, states, states].</summary>
    public Tensor A => _powers[0]!;

    /// <summary>Bbar, [features, states, 1].</summary>
    public Tensor B => _krylov.narrow(2, 0, 1);

    /// <summary>Columns of the Krylov matrix so far.</summary>
    public long Columns => _krylov.shape[2];

    /// <summary>C Abar^l Bbar for l = 0 .. length - 1.</summary>
    /// <param name="c">C, [features, channels, states], float64.</param>
    /// <param name="length">Length; at least 1.</param>
    /// <returns>[features, channels, length].</returns>
    public Tensor Kernel(Tensor c, long length)
    {
        var width = RequireKrylov(length);
        var blocks = Blocks(length, width);
        var rows = Repeated(c, blocks, Level(width)).narrow(1, 0, blocks * c.shape[1]);
        return rows.bmm(_krylov)
            .reshape(c.shape[0], blocks, c.shape[1], width)
            .permute(0, 2, 1, 3)
            .reshape(c.shape[0], c.shape[1], blocks * width)
            .narrow(2, 0, length);
    }

    /// <summary>What a state before the first input adds to the outputs: C Abar^(l+1) x for l = 0 .. length - 1.</summary>
    /// <param name="c">C, [features, channels, states], float64.</param>
    /// <param name="state">x, [batch, features, states], float64.</param>
    /// <param name="length">Length; at least 1.</param>
    /// <returns>[batch, features, channels, length].</returns>
    public Tensor Response(Tensor c, Tensor state, long length)
    {
        var width = Width(length);
        var blocks = Blocks(length, width);
        var rows = Repeated(c.bmm(A), width, level: 0);
        var starts = state.permute(1, 2, 0);
        for (var (count, level) = (1L, Level(width)); count < blocks; count *= 2, level++)
        {
            starts = cat([starts, Power(level).bmm(starts)], dim: 2);
        }

        var (batch, features, channels) = (state.shape[0], c.shape[0], c.shape[1]);
        starts = starts.narrow(2, 0, blocks * batch);
        return rows.bmm(starts)
            .reshape(features, width, channels, blocks, batch)
            .permute(4, 0, 2, 3, 1)
            .reshape(batch, features, channels, blocks * width)
            .narrow(3, 0, length);
    }

    /// <summary>The state after the last input.</summary>
    /// <param name="input">u, [batch, length, features], float64.</param>
    /// <param name="state">x before the first input, [batch, features, states], float64; null for zero.</param>
    /// <returns>[batch, features, states].</returns>
    public Tensor End(Tensor input, Tensor? state)
    {
        var (batch, length, features) = (input.shape[0], input.shape[1], input.shape[2]);
        var width = RequireKrylov(length);
        var blocks = (long)BitOperations.RoundUpToPowerOf2((ulong)Blocks(length, width));

        // Zeros before the first input change nothing.
        var missing = zeros([batch, (blocks * width) - length, features], dtype: input.dtype, device: input.device);
        var reversed = cat([missing, input], dim: 1)
            .reshape(batch, blocks, width, features)
            .flip(2)
            .permute(3, 2, 1, 0)
            .reshape(features, width, blocks * batch);
        var sums = _krylov.bmm(reversed);
        for (var level = Level(width); blocks > 1; level++)
        {
            blocks /= 2;
            var pairs = sums.reshape(features, -1, blocks, 2, batch);
            sums = Power(level).bmm(pairs.select(3, 0).reshape(features, -1, blocks * batch))
                .add(pairs.select(3, 1).reshape(features, -1, blocks * batch));
        }

        if (state is not null)
        {
            var carried = state.permute(1, 2, 0);
            for (var level = 0; length >> level > 0; level++)
            {
                if (((length >> level) & 1) == 1)
                {
                    carried = Power(level).bmm(carried);
                }
            }

            sums = sums.add(carried);
        }

        return sums.permute(2, 0, 1);
    }

    /// <summary>Frees what is kept.</summary>
    public void Release()
    {
        _powers.ForEach(power => power?.Dispose());
        _krylov.Dispose();
    }

    private static int Level(long powerOfTwo) => BitOperations.Log2((ulong)powerOfTwo);

    private static long Blocks(long length, long width) => (length + width - 1) / width;

    // The least memory in the powers, the Krylov block and the rows C P^i together.
    private long Width(long length)
    {
        var wanted = Math.Max(A.shape[^1], (long)Math.Ceiling(Math.Sqrt(length)));
        return (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Min(wanted, length));
    }

    /// <summary>C, C Q, C Q^2, ... with Q = Abar^(2^level): [features, count * channels, states] or more.</summary>
    private Tensor Repeated(Tensor c, long count, int level)
    {
        for (var known = 1L; known < count; known *= 2, level++)
        {
            c = cat([c, c.bmm(Power(level))], dim: 1);
        }

        return c;
    }

    /// <summary>Makes K at least as wide as is good for a length; gives its width.</summary>
    private long RequireKrylov(long length)
    {
        var width = Width(length);
        var known = _krylov.shape[2];
        if (known >= width)
        {
            return known;
        }

        // Of the powers on the way only the last is wanted again by kernels, so the others are not kept.
        var level = Level(known);
        var power = Power(level);
        var isStored = true;
        for (; known < width; known *= 2, level++)
        {
            var (narrow, factor) = (_krylov, power);
            _krylov = Keep(() => cat([narrow, factor.bmm(narrow)], dim: 2));
            power = Keep(() => factor.bmm(factor));
            if (_isKept)
            {
                narrow.Dispose();
                if (!isStored)
                {
                    factor.Dispose();
                }
            }

            isStored = false;
        }

        Store(level, power);
        return width;
    }

    private Tensor Power(int level)
    {
        if (level < _powers.Count && _powers[level] is { } ready)
        {
            return ready;
        }

        var half = Power(level - 1);
        var power = Keep(() => half.bmm(half));
        Store(level, power);
        return power;
    }

    private void Store(int level, Tensor power)
    {
        while (_powers.Count <= level)
        {
            _powers.Add(null);
        }

        if (_isKept)
        {
            _powers[level]?.Dispose();
        }

        _powers[level] = power;
    }

    private Tensor Keep(Func<Tensor> compute)
    {
        if (!_isKept)
        {
            return compute();
        }

        // Tensors of inference mode could not be used in training later.
        using var ordinary = inference_mode(false);
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    }
}
