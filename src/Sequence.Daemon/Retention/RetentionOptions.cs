namespace Sequence.Daemon;

/// <summary>For how long what the daemon stores is kept.</summary>
public sealed record RetentionOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>
    /// Age from which on issued forecasts are deleted, from 1 to 36,500 days; null keeps them for ever. Observations are never deleted.
    /// </summary>
    /// <value>Default: null.</value>
    public TimeSpan? Forecasts { get; init; }

    internal void Check(List<string> faults)
    {
        if (Forecasts < Shortest || Forecasts > Longest)
        {
            faults.Add($"Retention.Forecasts is {Forecasts}; give {Shortest} to {Longest}, for example 90.00:00:00 for 90 days, or nothing to keep them for ever.");
        }
    }
}
