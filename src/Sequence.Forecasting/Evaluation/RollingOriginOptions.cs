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
    /// Rows between the last row a fit is shown and the first target, at least; for labels that overlap. A label that looks
    /// e rows ahead makes row t say something of the rows up to t + e, so with an embargo of e the rows from
    /// test start - e on are left out of the fit. The forecast still starts from the origin. A gap of e or more leaves
    /// nothing for the embargo to do; labels over h rows need a gap or an embargo of h - 1.
    /// </summary>
    /// <value>Default: 0.</value>
    public int Embargo { get; init; }

    /// <summary>
    /// Rows a series of a panel needs in a training part to be fitted on and forecast; at least 1. One that starts late joins at
    /// the first fit that shows so many of its rows, rather than fail the fit of all.
    /// </summary>
    /// <value>Default: 1.</value>
    public int MinimumRows { get; init; } = 1;

    /// <summary>At which folds a model is fitted.</summary>
    /// <value>Default: <see cref="RefitCadence.EveryFold"/>.</value>
    public RefitCadence Refit { get; init; } = RefitCadence.EveryFold;

    /// <summary>Where a fit after the first begins.</summary>
    /// <value>Default: <see cref="RefitStart.Cold"/>.</value>
    public RefitStart RefitStart { get; init; }

    /// <summary>
    /// The end of each training part, given to the fit to decide when to stop; never test rows. A forecaster that needs none
    /// is fitted on the whole training part.
    /// </summary>
    /// <value>Default: null, which leaves it to the forecaster.</value>
    public ValidationPart? Validation { get; init; }

    /// <summary>
    /// Seed from which that of every fit is drawn: the first 64 bits of <see cref="Numerics.CounterRandom"/> with this seed
    /// and the fold's number as its stream, whatever the number of workers.
    /// </summary>
    /// <value>Default: null, which leaves the seed to the forecaster, the same at every fold.</value>
    public ulong? Seed { get; init; }

    /// <summary>Coverage in percent of the intervals wanted, each in (0, 100).</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<double> Levels { get; init; } = [];

    /// <summary>Whether a last fold with fewer than horizon targets is kept.</summary>
    /// <value>Default: false.</value>
    public bool AllowPartialFold { get; init; }

    /// <summary>Rows in a season for the scaled measures; at least 1.</summary>
    /// <value>Default: null, which is <see cref="BaselineCatalogue.SeasonLength"/> of the series' frequency.</value>
    public int? SeasonLength { get; init; }

    /// <summary>
    /// How many folds are worked on at the same time; at least 1. The result is the same for any number. Fits from cold run
    /// beside each other; warm fits run in order, beside forecasts of the folds between them. Where the cadence reads
    /// forecasts, the folds are walked one after another.
    /// </summary>
    /// <value>Default: 1.</value>
    public int Workers { get; init; } = 1;

    /// <summary>Folder that keeps every finished fold, from which the same evaluation goes on when it was stopped.</summary>
    /// <value>Default: null, which keeps nothing.</value>
    public string? Folder { get; init; }

    /// <summary>
    /// Time after which no further fold is begun; above zero. At least one fold is finished, and the result says that it is
    /// partial.
    /// </summary>
    /// <value>Default: null, no limit.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Measures the time budget.</summary>
    /// <value>Default: the clock of the machine.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        RequireAtLeast(1, Horizon, nameof(Horizon), faults);
        RequireAtLeast(1, Step, nameof(Step), faults);
        RequireAtLeast(0, Gap, nameof(Gap), faults);
        RequireAtLeast(1, WindowRows, nameof(WindowRows), faults);
        RequireAtLeast(0, Embargo, nameof(Embargo), faults);
        RequireAtLeast(1, MinimumRows, nameof(MinimumRows), faults);
        RequireAtLeast(1, SeasonLength, nameof(SeasonLength), faults);
        RequireAtLeast(1, Workers, nameof(Workers), faults);
        if (FirstOrigin.Fault() is { } fault)
        {
            faults.Add(fault);
        }

        faults.AddRange(Refit.Faults());
        if (Validation?.Fault() is { } validation)
        {
            faults.Add(validation);
        }

        if (TimeBudget <= TimeSpan.Zero)
        {
            faults.Add($"TimeBudget is {TimeBudget}; give a time above zero, or leave it out.");
        }

        if (Folder is not null && string.IsNullOrWhiteSpace(Folder))
        {
            faults.Add("Folder is empty; give a folder, or leave it out.");
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

    /// <summary>Throws when the first training part leaves a fit no row, or none beside its validation part.</summary>
    internal void RequireTrainingRows(int firstTrainRows)
    {
        var window = Window == TrainingWindow.Rolling ? Math.Min(WindowRows ?? firstTrainRows, firstTrainRows) : firstTrainRows;
        var fitted = window - Withheld;
        if (fitted < 1)
        {
            throw new ConfigurationException(
                $"The first training part has {window} rows and the embargo ({Embargo}, with a gap of {Gap}) withholds {Withheld} " +
                "of them from the fit; give a later first origin, a longer window or a shorter embargo.");
        }

        if (Validation?.Count(fitted) >= fitted)
        {
            throw new ConfigurationException(
                $"The validation part ({Validation}) leaves none of the {fitted} rows of the first fit to train on; give a " +
                "smaller one or a later first origin.");
        }
    }

    /// <summary>Training rows before an origin that its fit is not shown.</summary>
    internal int Withheld => Math.Max(0, Embargo - Gap);

    private static void RequireAtLeast(int minimum, int? value, string option, List<string> faults)
    {
        if (value < minimum)
        {
            faults.Add($"{option} is {value}; give at least {minimum}.");
        }
    }
}
