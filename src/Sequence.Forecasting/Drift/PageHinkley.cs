namespace Sequence.Forecasting;

/// <summary>
/// The Page-Hinkley test for a rise of a mean. Over values x_1, x_2, ... with running mean x̄_t,
/// <code>
/// m_t = sum_{i &lt;= t} (x_i - x̄_i - tolerance),  M_t = min_{i &lt;= t} m_i,  drift when t >= minimum and m_t - M_t > threshold
/// </code>
/// Source: Page, Continuous inspection schemes, Biometrika 1954; in this form Gama et al., A survey on concept drift
/// adaptation, 2014, section 3.2. The defaults are those of MOA and River.
/// </summary>
public sealed record PageHinkley
{
    /// <summary>Rise of the mean that is let pass; at least 0.</summary>
    /// <value>Default: 0.005.</value>
    public double Tolerance { get; init; } = 0.005;

    /// <summary>How far the sum may rise above its minimum; above 0. Larger means fewer false alarms and later ones.</summary>
    /// <value>Default: 50.</value>
    public double Threshold { get; init; } = 50;

    /// <summary>Values before which there is no alarm; at least 1.</summary>
    /// <value>Default: 30.</value>
    public int MinimumValues { get; init; } = 30;

    /// <summary>Begins the test; values are given to it one by one.</summary>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public PageHinkleyRun Start()
    {
        ConfigurationException.ThrowIfAny([.. Faults()]);
        return new PageHinkleyRun(this);
    }

    /// <summary>Goes on with a test where it stood, as if it had never stopped.</summary>
    /// <param name="count">Its <see cref="PageHinkleyRun.Count"/> then.</param>
    /// <param name="mean">Its <see cref="PageHinkleyRun.Mean"/> then.</param>
    /// <param name="sum">Its <see cref="PageHinkleyRun.Sum"/> then.</param>
    /// <param name="least">Its <see cref="PageHinkleyRun.Least"/> then.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public PageHinkleyRun Resume(int count, double mean, double sum, double least)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var run = Start();
        (run.Count, run.Mean, run.Sum, run.Least) = (count, mean, sum, least);
        return run;
    }

    /// <summary>Whether the values show drift at any point.</summary>
    public bool Detects(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var run = new PageHinkleyRun(this);
        return values.Any(run.Observe);
    }

    internal IEnumerable<string> Faults()
    {
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance)))
        {
            yield return $"The tolerance of the drift test is {Tolerance}; give a number of at least 0.";
        }

        if (!(Threshold > 0 && double.IsFinite(Threshold)))
        {
            yield return $"The threshold of the drift test is {Threshold}; give a number above 0.";
        }

        if (MinimumValues < 1)
        {
            yield return $"The drift test starts after {MinimumValues} values; give at least 1.";
        }
    }
}
