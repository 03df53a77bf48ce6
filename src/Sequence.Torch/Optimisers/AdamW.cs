using System.Numerics;
using System.Runtime.InteropServices;

namespace Sequence.Torch;

/// <summary>
/// AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2). At step t, with gradient g:
/// p := p (1 - rate * decay); m := b1 m + (1 - b1) g; v := b2 v + (1 - b2) g^2;
/// p := p - rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// </summary>
public sealed class AdamW : Optimiser
{
    private readonly double _firstDecay;
    private readonly double _secondDecay;
    private readonly double _epsilon;

    /// <summary>Creates the optimiser with moments of zero.</summary>
    /// <param name="groups">What it updates.</param>
    /// <param name="learningRate">Learning rate.</param>
    /// <param name="firstDecay">b1.</param>
    /// <param name="secondDecay">b2.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    public AdamW(
        IReadOnlyList<ParameterGroup> groups,
        double learningRate = 1e-3,
        double firstDecay = 0.9,
        double secondDecay = 0.999,
        double epsilon = 1e-8)
        : base(groups, learningRate, ["first", "second"])
    {
        _firstDecay = firstDecay;
        _secondDecay = secondDecay;
        _epsilon = epsilon;
    }

    /// <inheritdoc />
    protected override void Update(
        Span<float> parameter,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> moments,
        double learningRate,
        double weightDecay)
    {
        var keep = (float)(1 - (learningRate * weightDecay));
        var rate = (float)(learningRate / (1 - Math.Pow(_firstDecay, StepCount)));
        var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(_secondDecay, StepCount)));
        var (firstDecay, secondDecay, epsilon) = ((float)_firstDecay, (float)_secondDecay, (float)_epsilon);
        var (firstShare, secondShare) = ((float)(1 - _firstDecay), (float)(1 - _secondDecay));
        var first = moments[0].AsSpan();
        var second = moments[1].AsSpan();

        var parameters = MemoryMarshal.Cast<float, Vector<float>>(parameter);
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var firsts = MemoryMarshal.Cast<float, Vector<float>>(first);
        var seconds = MemoryMarshal.Cast<float, Vector<float>>(second);
        for (var index = 0; index < parameters.Length; index++)
        {
            var g = gradients[index];
            var m = (firsts[index] * firstDecay) + (g * firstShare);
            var v = (seconds[index] * secondDecay) + (g * g * secondShare);
            firsts[index] = m;
            seconds[index] = v;
            var root = (Vector.SquareRoot(v) * correction) + new Vector<float>(epsilon);
            parameters[index] = (parameters[index] * keep) - (m * rate / root);
        }

        for (var index = parameters.Length * Vector<float>.Count; index < parameter.Length; index++)
        {
            var g = gradient[index];
            first[index] = (first[index] * firstDecay) + (g * firstShare);
            second[index] = (second[index] * secondDecay) + (g * g * secondShare);
            var root = (MathF.Sqrt(second[index]) * correction) + epsilon;
            parameter[index] = (parameter[index] * keep) - (first[index] * rate / root);
        }
    }
}
