using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The plan of <see cref="NLinearArchitecture"/> and <see cref="DLinearArchitecture"/>: one map of the window. Splitting
/// off the moving average is linear in the window, so it is folded into that map.
/// </summary>
internal sealed class LinearWindowPlan : WindowPlan
{
    private readonly AffineMap _map;
    private readonly bool _relativeToLast;

    /// <summary>y = W (x - last) + b + last; the last value stays outside W, where it would cancel badly.</summary>
    public LinearWindowPlan(NLinearArchitecture architecture, CheckpointWeights weights)
        : base(architecture)
    {
        _map = AffineMap.Of(architecture.Map, weights);
        _relativeToLast = true;
    }

    /// <summary>With t = A x: y = W_s (x - A x) + b_s + W_t A x + b_t = (W_s + (W_t - W_s) A) x + b_s + b_t.</summary>
    public LinearWindowPlan(DLinearArchitecture architecture, CheckpointWeights weights)
        : base(architecture)
    {
        var (lookBack, kernel) = (architecture.LookBack, architecture.Kernel);
        var seasonal = weights[architecture.Seasonal.WeightName("weight")].ToDoubles();
        var trend = weights[architecture.Trend.WeightName("weight")].ToDoubles();
        var matrix = new float[seasonal.Length];
        var row = new double[lookBack];
        for (var start = 0; start < matrix.Length; start += lookBack)
        {
            seasonal.AsSpan(start, lookBack).CopyTo(row);
            for (var time = 0; time < lookBack; time++)
            {
                var share = (trend[start + time] - seasonal[start + time]) / kernel;
                for (var tap = 0; tap < kernel; tap++)
                {
                    // Past the ends the first and last value repeat.
                    row[Math.Clamp(time + tap - (kernel / 2), 0, lookBack - 1)] += share;
                }
            }

            for (var time = 0; time < lookBack; time++)
            {
                matrix[start + time] = (float)row[time];
            }
        }

        float[] bias =
        [
            .. weights.Singles(architecture.Seasonal.WeightName("bias"))
                .Zip(weights.Singles(architecture.Trend.WeightName("bias")), (first, second) => first + second),
        ];
        _map = new AffineMap(matrix, bias, lookBack);
    }

    private protected override void EvaluateCore(ReadOnlySpan<float> window, Span<float> output)
    {
        if (!_relativeToLast)
        {
            _map.Apply(window, output);
            return;
        }

        var last = window[^1];
        using var relative = new Scratch(window.Length);
        for (var row = 0; row < window.Length; row++)
        {
            relative.Values[row] = window[row] - last;
        }

        _map.Apply(relative.Values, output);
        foreach (ref var value in output)
        {
            value += last;
        }
    }
}
