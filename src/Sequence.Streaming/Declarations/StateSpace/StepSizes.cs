using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>Where step sizes start and what is asked of their range: common to all declarations of continuous systems.</summary>
internal static class StepSizes
{
    /// <summary>Logarithms of step sizes, independent and uniform between those of the bounds.</summary>
    public static double[] DrawLogarithms(CounterRandom random, int count, double minimum, double maximum)
    {
        var (low, high) = (Math.Log(minimum), Math.Log(maximum));
        return [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * random.NextDouble()))];
    }

    /// <summary>The number whose softplus is a step size: log(exp(step) - 1), without cancellation.</summary>
    public static double InverseSoftplus(double step) => step + Math.Log(1 - Math.Exp(-step));

    /// <summary>What is wrong with the range or the rate.</summary>
    public static IEnumerable<string> Faults(double minimum, double maximum, double rate)
    {
        if (!(minimum > 0 && double.IsFinite(minimum)))
        {
            yield return $"minimum step size is {minimum}; it must be positive";
        }

        if (!(maximum >= minimum && double.IsFinite(maximum)))
        {
            yield return $"maximum step size is {maximum}; it must not be below the minimum step size {minimum}";
        }

        if (!(rate > 0 && double.IsFinite(rate)))
        {
            yield return $"rate is {rate}; it must be positive";
        }
    }
}
