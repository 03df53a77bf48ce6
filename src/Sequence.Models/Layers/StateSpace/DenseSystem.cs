using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A diagonal plus low-rank system under the bilinear rule as dense real matrices over the real and imaginary parts of the
/// modes: x[k] = A x[k-1] + B u[k], y[k] = C x[k], in double precision. Powers of A take sequences in blocks.
/// </summary>
/// <param name="State">A, double [features, states, states]; the states are all real parts, then all imaginary ones.</param>
/// <param name="Input">B, double [features, states].</param>
/// <param name="Output">C, double [kernels, features, states].</param>
internal sealed record DenseSystem(Tensor State, Tensor Input, Tensor Output)
{
    // Long enough that a block is a matrix product worth its call, short enough that its matrices stay small.
    private const int BlockLength = 64;

    /// <summary>A = (1 - dt/2 M)^-1 (1 + dt/2 M) and B = (1 - dt/2 M)^-1 dt b for M = diag(a) - P P^H.</summary>
    /// <param name="system">The continuous system.</param>
    /// <param name="lowRank">P, complex [features, rank, modes].</param>
    public static DenseSystem Discretise(StructuredWeights system, Tensor lowRank)
    {
        // P^H over both halves of the conjugate pairs is twice the real part of P^H over one.
        var terms = cat([lowRank.real, lowRank.imag], dim: 2);
        var (decay, turn) = (diag_embed(system.Diagonal.real), diag_embed(system.Diagonal.imag));
        var matrix = cat([cat([decay, turn.neg()], dim: 2), cat([turn, decay], dim: 2)], dim: 1)
            .sub(terms.transpose(1, 2).bmm(terms.add(terms)));
        var half = matrix.mul(system.StepSize.unsqueeze(2)).mul(tensor(0.5, dtype: ScalarType.Float64));
        var unit = Unit(half);
        var input = cat([system.Input.real, system.Input.imag], dim: 1).mul(system.StepSize);
        var states = half.shape[1];
        var solved = linalg.solve(unit.sub(half), cat([unit.add(half), input.unsqueeze(2)], dim: 2));
        var output = cat([system.Output.real, system.Output.imag.neg()], dim: 2);
        return new(solved.narrow(2, 0, states), solved.select(2, states), output.add(output));
    }

    /// <summary>The C whose C~ = (1 - A^L)^T C is the present output.</summary>
    public Tensor Recover(int length)
    {
        var deflated = Deflated(length).transpose(1, 2);
        return linalg.solve(deflated, Output.permute(1, 2, 0)).permute(2, 0, 1);
    }

    /// <summary>C~ = (1 - A^L)^T C in complex form, [kernels, features, modes].</summary>
    public Tensor GeneratingOutput(int length)
    {
        var halves = Output.transpose(0, 1).bmm(Deflated(length)).transpose(0, 1)
            .mul(tensor(0.5, dtype: ScalarType.Float64)).chunk(2, dim: 2);
        return complex(halves[0], halves[1].neg());
    }

    /// <summary>C A^(t + 1) x, t = 0 .. length - 1: what a state adds to the outputs that follow it.</summary>
    /// <param name="state">x, real [batch, features, states].</param>
    /// <param name="length">Number of times.</param>
    /// <returns>[batch, kernels, features, length], of the state's element type.</returns>
    public Tensor FreeResponse(Tensor state, int length)
    {
        var width = Math.Min(BlockLength, length);
        var (kernels, features) = (Output.shape[0], Output.shape[1]);
        var rows = Output.transpose(0, 1).bmm(State).unsqueeze(2);
        rows = Doubled(rows, width, (all, power) => all
            .flatten(1, 2).bmm(power).reshape(features, kernels, all.shape[2], all.shape[3]), axis: 2);
        var outputs = rows.flatten(1, 2).transpose(1, 2).to(state.dtype);
        var advance = State.matrix_power(width).transpose(1, 2).to(state.dtype);
        var current = state.transpose(0, 1);
        var pieces = new List<Tensor>();
        for (var start = 0; start < length; start += width)
        {
            pieces.Add(current.bmm(outputs).reshape(features, state.shape[0], kernels, width));
            current = current.bmm(advance);
        }

        return cat([.. pieces], dim: 3).narrow(3, 0, length).permute(1, 2, 0, 3);
    }

    /// <summary>The state after an input sequence: A^L x + sum over t of A^(L - 1 - t) B u[t].</summary>
    /// <param name="input">u, [batch, features, length].</param>
    /// <param name="state">x, real [batch, features, states] of the input's element type; null for 0.</param>
    public Tensor Advance(Tensor input, Tensor? state)
    {
        var length = (int)input.shape[2];
        var width = Math.Min(BlockLength, length);

        // Columns A^j B for j = 0 .. width - 1; the last input of a block takes the first.
        var columns = Doubled(
            Input.unsqueeze(1), width, (all, power) => all.bmm(power.transpose(1, 2)), axis: 1).to(input.dtype).flip(1);
        var inputs = input.transpose(0, 1);
        var current = state?.transpose(0, 1);
        var remainder = length % width;
        if (remainder > 0)
        {
            current = Block(0, remainder, Power(remainder), current);
        }

        var whole = Power(width);
        for (var start = remainder; start < length; start += width)
        {
            current = Block(start, width, whole, current);
        }

        return current!.transpose(0, 1);

        Tensor Power(int count) => State.matrix_power(count).transpose(1, 2).to(input.dtype);

        Tensor Block(int start, int count, Tensor power, Tensor? before)
        {
            var added = inputs.narrow(2, start, count).bmm(columns.narrow(1, width - count, count));
            return before is null ? added : before.bmm(power).add(added);
        }
    }

    private static Tensor Unit(Tensor like) => eye(like.shape[^1], dtype: ScalarType.Float64, device: like.device);

    /// <summary>Rows times A^0, A^1, .. along an axis, by doubling.</summary>
    private Tensor Doubled(Tensor rows, int count, Func<Tensor, Tensor, Tensor> times, int axis)
    {
        var power = State;
        while (rows.shape[axis] < count)
        {
            rows = cat([rows, times(rows, power)], axis);
            power = power.bmm(power);
        }

        return rows.narrow(axis, 0, count);
    }

    private Tensor Deflated(int length) => Unit(State).sub(State.matrix_power(length));
}
