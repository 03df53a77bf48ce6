namespace Sequence.Backtesting;

/// <summary>How closely the look-ahead guard looks.</summary>
public sealed record LookAheadOptions
{
    /// <summary>Bars after which the market is cut and the strategy run again; at least 2. A clean run costs about half as many full runs.</summary>
    /// <value>Default: 16.</value>
    public int Samples { get; init; } = 16;

    /// <summary>Seed of the sampled bars.</summary>
    /// <value>Default: 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Runs at the same time; at least 1. The report is the same for any number.</summary>
    /// <value>Default: 1.</value>
    public int Workers { get; init; } = 1;

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Samples < 2)
        {
            faults.Add($"Samples is {Samples}; give at least 2.");
        }

        if (Workers < 1)
        {
            faults.Add($"Workers is {Workers}; give at least 1.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }
}
