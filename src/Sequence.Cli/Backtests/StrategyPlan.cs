using Sequence.Backtesting;
using Sequence.Forecasting;

namespace Sequence.Cli.Backtests;

/// <summary>The section "strategy".</summary>
/// <param name="Kind">Which strategy.</param>
/// <param name="UsesForecasts">Whether it trades on forecasts.</param>
/// <param name="UsesIntervals">Whether these need intervals.</param>
/// <param name="StepsAhead">Steps ahead of the forecasts it uses.</param>
/// <param name="MaximumAge">Bars after which a forecast counts no more; null is one fewer than steps ahead.</param>
/// <param name="Make">Makes it; the source is not read by one without forecasts.</param>
internal sealed record StrategyPlan(
    string Kind, bool UsesForecasts, bool UsesIntervals, int StepsAhead, int? MaximumAge, Func<ForecastSource, Strategy> Make)
{
    public const string ProbabilityWeighted = "probability-weighted";

    private static readonly string[] OnForecastsKinds = ["long-flat", "long-short", ProbabilityWeighted, "volatility-target", "top-k"];

    /// <summary>Every strategy there is.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["buy-and-hold", "sma-cross", "rsi-reversal", "random-entries", .. OnForecastsKinds];

    /// <summary>Reads the section; null where it says no strategy that there is, which is reported.</summary>
    public static StrategyPlan? Read(ConfigObject section)
    {
        if (section.Kind(Kinds) is not { } kind)
        {
            return null;
        }

        var make = Maker(section, kind);
        var plan = OnForecastsKinds.Contains(kind, StringComparer.Ordinal)
            ? new StrategyPlan(kind, true, kind == ProbabilityWeighted, section.Integer("stepsAhead", 1), section.Integer("maximumAge"), make)
            : new StrategyPlan(kind, false, false, 1, null, make);
        section.Try(() => plan.Make(plan.Source(new ForecastTable([]))));
        section.Close();
        return plan;
    }

    public ForecastSource Source(ForecastTable table) => ForecastSource.FromTable(table, StepsAhead, MaximumAge);

    private static Func<ForecastSource, Strategy> Maker(ConfigObject section, string kind)
    {
        switch (kind)
        {
            case "sma-cross":
                var (fast, slow, crossShort) = (section.Integer("fast", 10), section.Integer("slow", 30), section.Flag("allowShort", false));
                return _ => IndicatorStrategies.SmaCross(fast, slow, crossShort);
            case "rsi-reversal":
                var (low, high, period) = (section.Number("low", 30), section.Number("high", 70), section.Integer("lookBack", 14));
                var reversalShort = section.Flag("allowShort", false);
                return _ => IndicatorStrategies.RsiReversal(period, low, high, reversalShort);
            case "random-entries":
                var (turnover, exposure, seed) = (section.Number("turnover", 0.1), section.Number("exposure", 0.5), section.Seed("seed") ?? 1);
                var randomShort = section.Flag("allowShort", false);
                return _ => ControlStrategies.RandomEntries(turnover, seed, exposure, randomShort);
            case "buy-and-hold":
                return _ => ControlStrategies.BuyAndHold();
            default:
                return OnForecasts(section, kind);
        }
    }

    private static Func<ForecastSource, Strategy> OnForecasts(ConfigObject section, string kind)
    {
        var tolerance = section.Number("tolerance", ForecastStrategies.DefaultTolerance);
        switch (kind)
        {
            case "long-flat":
                var threshold = section.Number("threshold", 0);
                return source => ForecastStrategies.LongFlat(source, threshold, tolerance);
            case "long-short":
                var deadBand = section.Number("deadBand", 0);
                return source => ForecastStrategies.LongShort(source, deadBand, tolerance);
            case ProbabilityWeighted:
                var (fraction, sellsFalls) = (section.Number("fraction", 1), section.Flag("allowShort", true));
                return source => ForecastStrategies.ProbabilityWeighted(source, fraction, sellsFalls, tolerance);
            case "volatility-target":
                var (target, lookBack, periods) =
                    (section.Number("targetVolatility", 0.1), section.Integer("lookBack", 20), section.Number("periodsPerYear", 252));
                var (leverage, band, allowShort) =
                    (section.Number("maximumLeverage", 1), section.Number("deadBand", 0), section.Flag("allowShort", true));
                return source => ForecastStrategies.VolatilityTarget(source, target, lookBack, periods, leverage, band, allowShort, tolerance);
            default:
                var (count, shortLowest) = (section.Integer("count", 1), section.Flag("shortLowest", false));
                return source => ForecastStrategies.TopK(source, count, shortLowest, tolerance);
        }
    }
}
