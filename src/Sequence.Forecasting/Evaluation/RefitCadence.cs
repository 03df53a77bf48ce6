using System.Globalization;

namespace Sequence.Forecasting;

/// <summary>
/// At which folds a model is fitted. The first fold always is; at any other the cadence decides by what is known at its
/// origin. Between fits the last model forecasts from the current training part.
/// </summary>
public sealed class RefitCadence
{
    private readonly string _description;
    private readonly Func<RefitQuestion, bool> _isDue;
    private readonly IReadOnlyList<string> _faults;

    private RefitCadence(
        string description, Func<RefitQuestion, bool> isDue, bool readsForecasts = false, IReadOnlyList<string>? faults = null)
    {
        _description = description;
        _isDue = isDue;
        ReadsForecasts = readsForecasts;
        _faults = faults ?? [];
    }

    /// <summary>One fit, at the first fold.</summary>
    public static RefitCadence Once { get; } = new("once", _ => false);

    /// <summary>A fit at every fold.</summary>
    public static RefitCadence EveryFold { get; } = EveryFolds(1);

    /// <summary>Whether the decision may depend on earlier forecasts, so that folds have to be walked one after another.</summary>
    public bool ReadsForecasts { get; }

    /// <summary>A fit at fold 0, n, 2 n, ...; 0 fits once.</summary>
    public static RefitCadence EveryFolds(int folds) => folds == 0 ? Once : new(
        string.Create(CultureInfo.InvariantCulture, $"every {folds} folds"),
        question => question.Fold.Index % folds == 0,
        faults: folds > 0 ? [] : [$"RefitEvery is {folds} folds; give at least 1, or 0 to fit once."]);

    /// <summary>A fit at the first fold whose origin lies in another period than that of the last fit, by the calendar in UTC.</summary>
    public static RefitCadence FirstOf(RefitPeriod period) => new(
        $"first of each {period}",
        question => Number(period, question.Origin) != Number(period, question.LastFitOrigin),
        faults: Enum.IsDefined(period) ? [] : [$"Refit is by the period {period}; give Week, Month, Quarter or Year."]);

    /// <summary>A fit at the first fold whose origin lies at least this long after that of the last fit.</summary>
    public static RefitCadence Every(TimeSpan time) => new(
        $"every {time:c}",
        question => question.Origin - question.LastFitOrigin >= time,
        faults: time > TimeSpan.Zero ? [] : [$"Refit is every {time:c}; give a time above zero."]);

    /// <summary>A fit where the delegate says so.</summary>
    /// <param name="name">Stands for the delegate where two evaluations are compared.</param>
    /// <param name="isDue">
    /// Told what is known at the origin; the same answer for the same question, so that a stopped evaluation can go on.
    /// </param>
    public static RefitCadence When(string name, Func<RefitQuestion, bool> isDue)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(isDue);
        return new($"when {name}", isDue, readsForecasts: true);
    }

    /// <summary>
    /// A fit where the <see cref="PageHinkley"/> test finds that the last model's absolute scaled errors
    /// |actual - mean| / <see cref="ForecastRow.AbsoluteScale"/> have risen since it was fitted. It is shown the errors known
    /// at the origin, those of a scale above zero, in order of their targets.
    /// </summary>
    /// <param name="test">The test; null takes its defaults.</param>
    public static RefitCadence OnDrift(PageHinkley? test = null)
    {
        test ??= new PageHinkley();
        return new(
            string.Create(
                CultureInfo.InvariantCulture, $"on drift {test.Tolerance:R} {test.Threshold:R} {test.MinimumValues}"),
            question => test.Detects(question.Known
                .Where(row => row.AbsoluteScale > 0)
                .Select(row => Math.Abs(row.Actual - row.Mean) / row.AbsoluteScale)),
            readsForecasts: true,
            [.. test.Faults()]);
    }

    /// <summary>Whether to fit at a fold after the first.</summary>
    public bool IsDue(RefitQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return _isDue(question);
    }

    /// <inheritdoc />
    public override string ToString() => _description;

    internal IReadOnlyList<string> Faults() => _faults;

    private static long Number(RefitPeriod period, DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        var months = (utc.Year * 12) + utc.Month - 1;
        return period switch
        {
            // Day 0 of the calendar, 0001-01-01, is a Monday.
            RefitPeriod.Week => utc.Ticks / (7 * TimeSpan.TicksPerDay),
            RefitPeriod.Month => months,
            RefitPeriod.Quarter => months / 3,
            _ => utc.Year,
        };
    }
}
