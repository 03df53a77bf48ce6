using System.Globalization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>The baselines by name, with the season that fits a frequency.</summary>
public static class BaselineCatalogue
{
    private static readonly Dictionary<string, Func<int?, int, IForecaster>> Factories = new(StringComparer.Ordinal)
    {
        ["persistence"] = (_, _) => new PersistenceForecaster(),
        ["drift"] = (_, _) => new DriftForecaster(),
        ["mean"] = (window, _) => new MeanForecaster(window),
        ["seasonal-naive"] = (period, season) => new SeasonalNaiveForecaster(period ?? season),
        ["ar"] = (order, _) => new AutoregressiveForecaster(order ?? 5),
        ["ets"] = (_, season) => new ExponentialSmoothingForecaster(
            TrendComponent.Damped, season == 1 ? SeasonComponent.None : SeasonComponent.Additive, season),
        ["theta"] = (period, season) => new ThetaForecaster(period ?? season),
    };

    private static readonly string[] TakeNumber = ["mean", "seasonal-naive", "ar", "theta"];

    /// <summary>Every name <see cref="Create"/> knows, without numbers.</summary>
    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>Makes a baseline.</summary>
    /// <param name="name">
    /// One of <see cref="Names"/>. After mean, seasonal-naive, ar and theta a number may follow that replaces the default
    /// window (the whole history), season (of the frequency) or order (5), for example "ar-2". "ets" has a damped trend and
    /// an additive season.
    /// </param>
    /// <param name="frequency">Frequency of the series, which gives the season.</param>
    /// <exception cref="ConfigurationException">There is no baseline of this name.</exception>
    public static IForecaster Create(string name, Frequency frequency)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(frequency);
        var season = SeasonLength(frequency);
        if (Factories.TryGetValue(name, out var factory))
        {
            return factory(null, season);
        }

        var dash = name.LastIndexOf('-');
        if (dash > 0
            && TakeNumber.Contains(name[..dash], StringComparer.Ordinal)
            && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Factories[name[..dash]](number, season);
        }

        throw new ConfigurationException(
            $"There is no baseline '{name}'. Choose one of: {string.Join(", ", Names)}; after {string.Join(", ", TakeNumber)} " +
            "a number may follow, for example ar-5.");
    }

    /// <summary>
    /// Rows in the usual season: 5 for business days, 7 for days, 24 for hours, 52 for weeks, 12 for months, 4 for
    /// quarters, 1 for years, a day of minutes, an hour of seconds. Divided by the count of the frequency where that
    /// goes evenly, otherwise 1, which is no season.
    /// </summary>
    public static int SeasonLength(Frequency frequency)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        var units = frequency.Unit switch
        {
            FrequencyUnit.Second => 3600,
            FrequencyUnit.Minute => 1440,
            FrequencyUnit.Hour => 24,
            FrequencyUnit.Day => 7,
            FrequencyUnit.BusinessDay => 5,
            FrequencyUnit.Week => 52,
            FrequencyUnit.Month => 12,
            FrequencyUnit.Quarter => 4,
            _ => 1,
        };
        return frequency.Count >= 1 && units % frequency.Count == 0 ? units / frequency.Count : 1;
    }
}
