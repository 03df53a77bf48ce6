namespace Sequence.Daemon;

/// <summary>How models and their versions are kept.</summary>
public sealed record RegistryOptions
{
    /// <summary>Most bytes of a version: of its files together, and of an upload.</summary>
    /// <value>Default: 128 MiB.</value>
    public long LargestVersion { get; init; } = 128L * 1024 * 1024;

    /// <summary>Most versions of one model; another is refused until one is deleted.</summary>
    /// <value>Default: 50.</value>
    public int MostVersions { get; init; } = 50;

    /// <summary>How often the aliases are read, so that this node learns of what another one moved.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When a challenger becomes the champion.</summary>
    public PromotionOptions Promotion { get; init; } = new();

    internal void Check(List<string> faults)
    {
        if (LargestVersion is < 1024 or > 1024L * 1024 * 1024)
        {
            faults.Add($"Registry.LargestVersion is {LargestVersion}; give 1024 to {1024 * 1024 * 1024} bytes.");
        }

        if (MostVersions is < 2 or > 1000)
        {
            faults.Add($"Registry.MostVersions is {MostVersions}; give 2 to 1000.");
        }

        if (PollEvery < TimeSpan.FromMilliseconds(50) || PollEvery > TimeSpan.FromHours(1))
        {
            faults.Add($"Registry.PollEvery is {PollEvery}; give 50 milliseconds to an hour.");
        }

        Promotion.Check(faults);
    }
}
