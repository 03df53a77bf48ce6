namespace Sequence.Forecasting;

/// <summary>How a rolling-origin evaluation walks through a series.</summary>
public sealed record RollingOriginOptions
{
    /// <summary>Steps forecast at every origin; at least 1.</summary>
    public required int Horizon { get; init; }

    /// <summary>Where the first training part ends.</summary>
    /// <value>Default: after 70 % of the rows.</value>
    public FirstOrigin FirstOrigin { get; init; } = FirstOrigin.AfterFraction(0.7);

    /// <summary>Rows from one origin to the next; at least 1.</summary>
    /// <value>Default: null, which is the horizon, so that test parts neither overlap nor leave holes.</value>
    public int? Step { get; init; }

    /// <summary>
    /// Rows between the last training row and the first target, for labels that overlap or data that arrive late. A
    /// forecast of gap + horizon steps is made and its first gap steps are dropped, so the forecaster must reach that far.
    /// </summary>
    /// <value>Default: 0.</value>
    public int Gap { get; init; }

    /// <summary>Whether the training part grows or keeps its length.</summary>
    /// <value>Default: <see cref="TrainingWindow.Expanding"/>.</value>
    public TrainingWindow Window { get; init; }

    /// <summary>Length of a rolling training part in rows; at least 1. Only with <see cref="TrainingWindow.Rolling"/>.</summary>
    /// <value>Default: null, which is the length of the first training part.</value>
    public int? WindowRows { get; init; }

    /// <summary>
    /// Folds from one fit to the next; 0 fits once. Between fits the last model forecasts from the current training part.
    /// </summary>
    /// <value>Default: 1, every fold.</value>
    public int RefitEvery { get; init; } = 1;

    /// <summary>Where a fit after the first begins.</summary>
    /// <value>Default: <see cref="RefitStart.Cold"/>.</value>
    public RefitStart RefitStart { get; init; }

    /// <summary>Coverage in percent of the intervals wanted, each in (0, 100).</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<double> Levels { get; init; } = [];

    /// <summary>Whether a last fold with fewer than horizon targets is kept.</summary>
    /// <value>Default: false.</value>
    public bool AllowPartialFold { get; init; }

    /// <summary>Rows in a season for the scaled measures; at least 1.</summary>
    /// <value>Default: null, which is <see cref="BaselineCatalogue.SeasonLength"/> of the series' frequency.</value>
    public int? SeasonLength { get; init; }

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        RequireAtLeast(1, Horizon, nameof(Horizon), faults);
        RequireAtLeast(1, Step, nameof(Step), faults);
        RequireAtLeast(0, Gap, nameof(Gap), faults);
        RequireAtLeast(1, WindowRows, nameof(WindowRows), faults);
        RequireAtLeast(0, RefitEvery, nameof(RefitEvery), faults);
        RequireAtLeast(1, SeasonLength, nameof(SeasonLength), faults);
        if (FirstOrigin.Fault() is { } fault)
        {
            faults.Add(fault);
        }

        if (!Enum.IsDefined(Window))
        {
            faults.Add($"Window is {Window}; give Expanding or Rolling.");
        }

        if (!Enum.IsDefined(RefitStart))
        {
            faults.Add($"RefitStart is {RefitStart}; give Cold or Warm.");
        }

        if (WindowRows is not null && Window == TrainingWindow.Expanding)
        {
            faults.Add("WindowRows is set, but Window is Expanding; set Window to Rolling or leave WindowRows out.");
        }

        faults.AddRange(IntervalLevels.Faults(Levels));
        ConfigurationException.ThrowIfAny(faults);
    }

    private static void RequireAtLeast(int minimum, int? value, string option, List<string> faults)
    {
        if (value < minimum)
        {
            faults.Add($"{option} is {value}; give at least {minimum}.");
        }
    }
}
