using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A layer's action on one input sequence as a linear time-varying system: x[k] = A[k] x[k-1] + B[k] u[k] + b[k],
/// y[k] = C[k] x[k] + D[k] u[k] + d[k], with x[-1] = 0; b and d are where biases go (Sieber et al., "Understanding the
/// Differences in Foundation Models", 2024). The matrices may depend on the inputs up to k. They are written out densely: for
/// analysis and tests.
/// </summary>
/// <param name="A">[length, states, states].</param>
/// <param name="B">[length, states, inputs].</param>
/// <param name="C">[length, outputs, states].</param>
/// <param name="D">[length, outputs, inputs].</param>
public sealed record DynamicalSystem(Tensor A, Tensor B, Tensor C, Tensor D)
{
    /// <summary>b, [length, states]; null for zero.</summary>
    public Tensor? StateOffset { get; init; }

    /// <summary>d, [length, outputs]; null for zero.</summary>
    public Tensor? OutputOffset { get; init; }

    /// <summary>Runs the recurrence from a zero state.</summary>
    /// <param name="input">u, [length, inputs].</param>
    /// <returns>y, [length, outputs].</returns>
    /// <exception cref="ModelException">The input has another length or size than the matrices.</exception>
    public Tensor Run(Tensor input)
    {
        if (input.dim() != 2 || input.shape[0] != B.shape[0] || input.shape[1] != B.shape[2])
        {
            throw new ModelException(
                $"The system takes [{B.shape[0]}, {B.shape[2]}] but was given [{string.Join(", ", input.shape)}].");
        }

        var outputs = new List<Tensor>();
        var state = zeros([A.shape[1], 1], dtype: A.dtype, device: A.device);
        for (var time = 0; time < input.shape[0]; time++)
        {
            var one = input[time].unsqueeze(1);
            state = A[time].mm(state).add(B[time].mm(one));
            if (StateOffset is not null)
            {
                state = state.add(StateOffset[time].unsqueeze(1));
            }

            var output = C[time].mm(state).add(D[time].mm(one)).squeeze(1);
            outputs.Add(OutputOffset is null ? output : output.add(OutputOffset[time]));
        }

        return stack([.. outputs], dim: 0);
    }

    /// <summary>Refuses an input that no system of this layer can be made for: it must be [length, inputs].</summary>
    internal static void RequireInput(LayerDeclaration declaration, Tensor input)
    {
        if (input.dim() != 2 || input.shape[0] < 1 || input.shape[1] != declaration.InputSize)
        {
            throw new ModelException(
                $"The system of layer '{declaration.Prefix}' is made for [length >= 1, {declaration.InputSize}], not " +
                $"[{string.Join(", ", input.shape)}].");
        }
    }
}
