namespace Sequence.Forecasting;

/// <summary>
/// Adaptive conformal inference: the level to ask a calibration for so that intervals cover as often as promised, also while
/// the series changes. With the promised miss rate a = 1 - level / 100, the share e_t of misses at time t and a step g,
/// <code>
/// a_1 = a,  a_{t+1} = a_t + g (a - e_t)
/// </code>
/// and the calibration is asked for the level 100 (1 - a_t). Whatever the series does, when the interval is everything
/// where a_t is at or below 0 and nothing where it is at or above 1,
/// <code>
/// |mean of e_1..e_T - a| is at most (max(a_1, 1 - a_1) + g) / (g T)
/// </code>
/// A larger g follows a change sooner (in about 1/g times) and makes widths less steady. Not thread-safe.
/// </summary>
/// <remarks>
/// Source: Gibbs and Candès, Adaptive conformal inference under distribution shift, 2021, equation 2 and proposition 4.1; they
/// take g = 0.005. A forecast of several steps gives the share of its steps that missed. a_t then stays within -g and 1 + g of
/// itself. Where no interval is wide enough to cover everything, or misses are known late, the bound does not hold and a_t is kept
/// within these ends, so that it comes back as soon as the series does.
/// </remarks>
public sealed class AdaptiveConformal
{
    /// <summary>Begins, or goes on from an effective level that was kept.</summary>
    /// <param name="level">Promised coverage in percent, in (0, 100).</param>
    /// <param name="step">How far one time moves the miss rate, g; at least 0, and 0 keeps it.</param>
    /// <param name="effectiveLevel">Where to go on, in percent; null for the promised level.</param>
    /// <exception cref="ConfigurationException">The level or the step is out of range, or the effective level is not finite.</exception>
    public AdaptiveConformal(double level, double step, double? effectiveLevel = null)
    {
        List<string> faults = [.. IntervalLevels.Faults([level])];
        if (!(step >= 0 && double.IsFinite(step)))
        {
            faults.Add($"The step of adaptive intervals is {step}; give a number of at least 0.");
        }

        if (effectiveLevel is { } kept && !double.IsFinite(kept))
        {
            faults.Add($"The effective level is {kept}; give a finite number, or none to begin at the promised one.");
        }

        ConfigurationException.ThrowIfAny(faults);
        Level = level;
        Step = step;
        EffectiveLevel = effectiveLevel ?? level;
    }

    /// <summary>Promised coverage in percent.</summary>
    public double Level { get; }

    /// <summary>How far one time moves the miss rate, g.</summary>
    public double Step { get; }

    /// <summary>
    /// The level to ask for now, 100 (1 - a_t) in percent. Not kept within 0 and 100: outside, the interval is to be as narrow or
    /// as wide as can be.
    /// </summary>
    public double EffectiveLevel { get; private set; }

    /// <summary>Takes what came of one time.</summary>
    /// <param name="missed">Share of the values outside their interval, e_t, in [0, 1].</param>
    public void Observe(double missed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(missed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(missed, 1);
        var moved = EffectiveLevel + (100 * Step * (missed - (1 - (Level / 100))));
        EffectiveLevel = Math.Clamp(moved, -100 * Step, 100 + (100 * Step));
    }
}
