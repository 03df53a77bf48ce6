using MathNet.Numerics.Distributions;

namespace Sequence.Forecasting;

/// <summary>
/// Where the empirical coverage of intervals that keep their promise lies: of n independent forecasts a number covers that is
/// binomial with n and p = level / 100. Below the lower end it is under-covered, above the upper one over-covered.
/// </summary>
/// <param name="Lower">In percent; less than this has at most the probability (1 - confidence) / 2.</param>
/// <param name="Upper">In percent; so has more than this.</param>
public sealed record CoverageBand(double Lower, double Upper)
{
    /// <summary>The band of a promised level.</summary>
    /// <param name="level">Promised coverage in percent, in (0, 100).</param>
    /// <param name="trials">Independent forecasts, n; at least 1.</param>
    /// <param name="confidence">How much of the distribution lies in the band, at least; in (0, 1).</param>
    /// <exception cref="ConfigurationException">The level is outside (0, 100).</exception>
    public static CoverageBand Of(double level, int trials, double confidence = 0.99)
    {
        IntervalLevels.Require([level]);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var tail = (1 - confidence) / 2;
        return new CoverageBand(100.0 * First(tail, strict: true) / trials, 100.0 * First(1 - tail, strict: false) / trials);

        // The smallest count whose distribution function reaches the probability.
        int First(double probability, bool strict)
        {
            var (below, at) = (-1, trials);
            while (at - below > 1)
            {
                var middle = below + ((at - below) / 2);
                var reached = Binomial.CDF(level / 100, trials, middle);
                (below, at) = (strict ? reached > probability : reached >= probability) ? (below, middle) : (middle, at);
            }

            return at;
        }
    }
}
