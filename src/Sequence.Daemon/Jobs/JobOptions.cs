namespace Sequence.Daemon;

/// <summary>How trainings and evaluations are run, each as a child process.</summary>
public sealed record JobOptions
{
    /// <summary>Jobs of this node at one time; 0 lets other nodes do them.</summary>
    /// <value>Default: 1.</value>
    public int AtOnce { get; init; } = 1;

    /// <summary>How often it is looked for jobs that another node queued or left, and for trainings that are due.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a job stays with a node that is not heard of; renewed every third of it. The clocks of the nodes must differ by
    /// less than that.
    /// </summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a job may take before it is ended.</summary>
    /// <value>Default: 6 hours.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Bytes of memory that a job's process may hold before it is ended; 0 for any number.</summary>
    /// <value>Default: 0.</value>
    public long MemoryLimit { get; init; }

    /// <summary>How often a job is begun, when the node that had it died, before it is given up.</summary>
    /// <value>Default: 3.</value>
    public int MostAttempts { get; init; } = 3;

    /// <summary>Jobs that have ended of which the record is kept; the oldest go.</summary>
    /// <value>Default: 200.</value>
    public int Kept { get; init; } = 200;

    /// <summary>The program and its first arguments; empty for this one.</summary>
    /// <value>Default: empty.</value>
    public string[] Program { get; init; } = [];

    internal void Check(List<string> faults)
    {
        if (AtOnce is < 0 or > 64)
        {
            faults.Add($"Jobs.AtOnce is {AtOnce}; give 0 to 64.");
        }

        if (PollEvery < TimeSpan.FromMilliseconds(50) || PollEvery > TimeSpan.FromHours(1))
        {
            faults.Add($"Jobs.PollEvery is {PollEvery}; give 50 milliseconds to an hour.");
        }

        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromDays(1))
        {
            faults.Add($"Jobs.Lease is {Lease}; give a second to a day.");
        }

        if (TimeLimit <= TimeSpan.Zero || TimeLimit > TimeSpan.FromDays(30))
        {
            faults.Add($"Jobs.TimeLimit is {TimeLimit}; give a time above 0 and up to 30 days.");
        }

        if (MemoryLimit < 0)
        {
            faults.Add($"Jobs.MemoryLimit is {MemoryLimit}; give bytes, or 0 for no limit.");
        }

        if (MostAttempts is < 1 or > 100)
        {
            faults.Add($"Jobs.MostAttempts is {MostAttempts}; give 1 to 100.");
        }

        if (Kept is < 1 or > 10_000)
        {
            faults.Add($"Jobs.Kept is {Kept}; give 1 to 10000.");
        }

        if (Program.Any(string.IsNullOrEmpty))
        {
            faults.Add("Jobs.Program has an empty part; give a program and its first arguments, or nothing.");
        }
    }
}
