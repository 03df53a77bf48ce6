using System.Numerics;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The step of S4 in its structured form, x[k] = A x[k-1] + B u[k], y[k] = 2 Re(C x[k]) + D u[k], in O(rank N) work a feature:
/// the bilinear rule of diag(a) - P P^H is a diagonal matrix plus one of the rank of P. To diagonalise A would save the second
/// term but is not possible in floating point at useful sizes: the eigenvectors of HiPPO-LegS have entries up to 2^(4N/3). The
/// state holds the real parts of all features' modes, then the imaginary ones. Coefficients, and the C that belongs to the
/// stored C~, are computed in double precision.
/// </summary>
public sealed class S4Plan : StepPlan
{
    private readonly DiagonalPlusLowRankStep _step;
    private readonly StructuredOutput _output;

    internal S4Plan(S4Declaration declaration, CheckpointWeights weights)
    {
        if (declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' is bidirectional: an output depends on later inputs, so it has no step.");
        }

        var system = new StructuredCoefficients(declaration, weights);
        var lowRank = system.Values("kernel.P");
        var modes = declaration.Modes;
        var steps = new StructuredStep[declaration.Features];
        var output = new Complex[system.Output.Length];
        for (var feature = 0; feature < steps.Length; feature++)
        {
            var copy = feature % declaration.Copies;
            var poles = system.Diagonal.AsSpan(feature * modes, modes);
            var input = system.Input.AsSpan(feature * modes, modes);
            var terms = new Complex[declaration.LowRank * modes];
            for (var term = 0; term < declaration.LowRank; term++)
            {
                lowRank.AsSpan(((term * declaration.Copies) + copy) * modes, modes).CopyTo(terms.AsSpan(term * modes));
            }

            steps[feature] = DiagonalPlusLowRank.Step(poles, terms, input, system.StepSizes[feature] * declaration.Rate);

            // C belongs to the step sizes of the training, whatever the rate is now.
            var (transition, _) = DiagonalPlusLowRank.Discretise(poles, terms, input, system.StepSizes[feature]);
            var stored = new Complex[declaration.Channels * modes];
            for (var channel = 0; channel < declaration.Channels; channel++)
            {
                system.Output.AsSpan(((channel * steps.Length) + feature) * modes, modes).CopyTo(stored.AsSpan(channel * modes));
            }

            var recovered = DiagonalPlusLowRank.FromGenerating(stored, transition, declaration.KernelLength);
            for (var channel = 0; channel < declaration.Channels; channel++)
            {
                recovered.AsSpan(channel * modes, modes).CopyTo(output.AsSpan(((channel * steps.Length) + feature) * modes));
            }
        }

        _step = new DiagonalPlusLowRankStep(steps, output.AsSpan(0, steps.Length * modes));
        _output = new StructuredOutput(steps.Length, output, system.Skip);
        OutputSize = declaration.OutputSize;
    }

    /// <inheritdoc />
    public override int InputSize => _step.Heads;

    /// <inheritdoc />
    public override int OutputSize { get; }

    /// <inheritdoc />
    public override int StateSize => 2 * _step.Heads * _step.Pairs;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        _step.Step(input, state, output[..input.Length]);
        _output.Complete(input, state, output);
    }
}
