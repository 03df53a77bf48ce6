namespace Sequence.Daemon;

/// <summary>How models that need libtorch are served, each by a process of its own.</summary>
public sealed record WorkerOptions
{
    /// <summary>How long a worker may take to start.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a worker may take for a batch before it is ended and started again.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker that ended is left before it is started again; doubled each time until a batch succeeds.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Forecasts that a worker is asked for at once, at most.</summary>
    /// <value>Default: 64.</value>
    public int LargestBatch { get; init; } = 64;

    /// <summary>Forecasts that may wait for one worker; more are refused.</summary>
    /// <value>Default: 1,000.</value>
    public int MostWaiting { get; init; } = 1_000;

    /// <summary>The program and its first arguments; empty for this one.</summary>
    /// <value>Default: empty.</value>
    public string[] Program { get; init; } = [];

    internal void Check(List<string> faults)
    {
        foreach (var (name, value) in new[]
        {
            (nameof(StartLimit), StartLimit), (nameof(AnswerLimit), AnswerLimit), (nameof(FirstPause), FirstPause), (nameof(LongestPause), LongestPause),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                faults.Add($"Workers.{name} is {value}; give a time above 0 and up to an hour.");
            }
        }

        if (LongestPause < FirstPause)
        {
            faults.Add($"Workers.LongestPause is {LongestPause}, shorter than FirstPause, {FirstPause}.");
        }

        if (LargestBatch is < 1 or > 10_000)
        {
            faults.Add($"Workers.LargestBatch is {LargestBatch}; give 1 to 10000.");
        }

        if (MostWaiting < LargestBatch || MostWaiting > 1_000_000)
        {
            faults.Add($"Workers.MostWaiting is {MostWaiting}; give LargestBatch to 1000000.");
        }

        if (Program.Any(string.IsNullOrEmpty))
        {
            faults.Add("Workers.Program has an empty part; give a program and its first arguments, or nothing.");
        }
    }
}
