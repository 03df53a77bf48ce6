using Sequence.Daemon.Registry;

namespace Sequence.Daemon;

/// <summary>When a challenger becomes the champion.</summary>
public sealed record PromotionOptions
{
    /// <summary>Most event times that a test looks at, the newest.</summary>
    /// <value>Default: 200.</value>
    public int Window { get; init; } = 200;

    /// <summary>Fewest event times that a test looks at.</summary>
    /// <value>Default: 50.</value>
    public int MinimumPairs { get; init; } = 50;

    /// <summary>How often, at most, a challenger that is no better is promoted in one test.</summary>
    /// <value>Default: 0.05.</value>
    public double Level { get; init; } = 0.05;

    /// <summary>
    /// Whether a challenger is tested without being asked for: once for every <see cref="Window"/> event times, each looked at
    /// in one test only, so that looking often does not promote by chance.
    /// </summary>
    /// <value>Default: false.</value>
    public bool Automatic { get; init; }

    /// <summary>How often it is looked whether a challenger can be tested, where <see cref="Automatic"/>.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    internal void Check(List<string> faults)
    {
        if (MinimumPairs < 10 || Window < MinimumPairs || Window > ShadowScores.MostPairs)
        {
            faults.Add(
                $"Registry.Promotion has a Window of {Window} and MinimumPairs of {MinimumPairs}; give MinimumPairs from 10, and a Window from that to " +
                $"{ShadowScores.MostPairs}.");
        }

        if (Every <= TimeSpan.Zero)
        {
            faults.Add($"Registry.Promotion.Every is {Every}; give a time above 0.");
        }

        if (Level is not (> 0 and < 0.5))
        {
            faults.Add($"Registry.Promotion.Level is {Level}; give a number between 0 and 0.5.");
        }
    }
}
