using System.Globalization;
using Sequence.Backtesting;
using Sequence.Data;

namespace Sequence.Cli.Backtests;

/// <summary>The section "account": every option of a backtest, and the statistics' conventions beside it.</summary>
internal static class AccountPlan
{
    public static BacktestOptions Read(ConfigObject section)
    {
        var defaults = new BacktestOptions();
        var options = new BacktestOptions
        {
            Cash = section.Number("cash", defaults.Cash),
            Profile = section.Choice("profile", defaults.Profile),
            Commission = Commission(section.Section("commission")) ?? defaults.Commission,
            Slippage = Slippage(section.Section("slippage")) ?? defaults.Slippage,
            Spread = section.Number("spread", defaults.Spread),
            InitialMargin = section.Number("initialMargin", defaults.InitialMargin),
            MaintenanceMargin = section.Number("maintenanceMargin"),
            BorrowRate = section.Number("borrowRate", defaults.BorrowRate),
            FinancingRate = section.Number("financingRate", defaults.FinancingRate),
            PositionMode = section.Choice("positionMode", defaults.PositionMode),
            TradeOnClose = section.Flag("tradeOnClose", defaults.TradeOnClose),
            ExclusiveOrders = section.Flag("exclusiveOrders", defaults.ExclusiveOrders),
            CloseAtEnd = section.Flag("closeAtEnd", defaults.CloseAtEnd),
            AllowShort = section.Flag("allowShort", defaults.AllowShort),
            LotSize = section.Number("lotSize", defaults.LotSize),
            VolumeLimit = section.Number("volumeLimit"),
            Calendar = Calendar(section.Section("calendar")),
        };
        section.Try(() =>
        {
            // What can be said without the bars is said with all the other faults, before they are read.
            options.Validate(new Market(BarSeries.FromBars("any", [new Bar(DateTimeOffset.UnixEpoch, 1, 1, 1, 1, 1)])));
            return options;
        });
        section.Close();
        return options;
    }

    public static PerformanceOptions ReadStatistics(ConfigObject section)
    {
        var defaults = new PerformanceOptions();
        var options = new PerformanceOptions
        {
            PeriodsPerYear = section.Number("periodsPerYear"),
            RiskFreeRate = section.Number("riskFreeRate", defaults.RiskFreeRate),
            SharpeConvention = section.Choice("sharpeConvention", defaults.SharpeConvention),
            SortinoConvention = section.Choice("sortinoConvention", defaults.SortinoConvention),
        };
        section.Try(() =>
        {
            ConfigurationException.ThrowIfAny(options.Faults());
            return options;
        });
        section.Close();
        return options;
    }

    private static Commission? Commission(ConfigObject? section)
    {
        if (section?.Kind(["none", "rate", "per-share", "per-trade", "fixed-and-rate", "tiered"]) is not { } kind)
        {
            return null;
        }

        var commission = kind switch
        {
            "rate" => Made(Needed(section, "rate"), rate => Backtesting.Commission.Rate(rate)),
            "per-share" => Made(
                (Needed(section, "amount"), section.Number("minimum", 0)), pair => Backtesting.Commission.PerShare(pair.Item1, pair.Item2)),
            "per-trade" => Made(Needed(section, "amount"), amount => Backtesting.Commission.PerTrade(amount)),
            "fixed-and-rate" => Made(
                (Needed(section, "amount"), Needed(section, "rate")), pair => Backtesting.Commission.FixedAndRate(pair.Item1, pair.Item2)),
            "tiered" => Made(Tiers(section), tiers => Backtesting.Commission.Tiered(tiers)),
            _ => Backtesting.Commission.None,
        };
        section.Close();
        return commission;

        Commission? Made<T>(T values, Func<T, Commission> make) => section.Try(() => make(values));
    }

    private static CommissionTier[] Tiers(ConfigObject section)
    {
        var tiers = new List<CommissionTier>();
        foreach (var tier in section.Sections("tiers"))
        {
            tiers.Add(new CommissionTier(Needed(tier, "from"), Needed(tier, "rate")));
            tier.Close();
        }

        return [.. tiers];
    }

    private static Slippage? Slippage(ConfigObject? section)
    {
        if (section?.Kind(["none", "fixed", "rate", "volume-share", "square-root"]) is not { } kind)
        {
            return null;
        }

        var slippage = kind switch
        {
            "fixed" => Made(Needed(section, "amount"), amount => Backtesting.Slippage.Fixed(amount)),
            "rate" => Made(Needed(section, "rate"), rate => Backtesting.Slippage.Rate(rate)),
            "volume-share" => Made(section.Number("priceImpact", 0.1), impact => Backtesting.Slippage.VolumeShare(impact)),
            "square-root" => Made(
                (section.Number("coefficient", 1), section.Integer("lookBack", 20)), pair => Backtesting.Slippage.SquareRoot(pair.Item1, pair.Item2)),
            _ => Backtesting.Slippage.None,
        };
        section.Close();
        return slippage;

        Slippage? Made<T>(T values, Func<T, Slippage> make) => section.Try(() => make(values));
    }

    private static TradingCalendar? Calendar(ConfigObject? section)
    {
        if (section is null)
        {
            return null;
        }

        var name = section.Text("timeZone") ?? "UTC";
        var isZone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone);
        section.Require(isZone, "timeZone", $"is '{name}', which this machine does not know; give for example America/New_York.");
        var holidays = new List<DateOnly>();
        foreach (var text in section.Texts("holidays"))
        {
            var isDate = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
            section.Require(isDate, "holidays", $"has '{text}'; give dates such as 2021-12-24.");
            holidays.Add(day);
        }

        var businessDays = section.Flag("businessDays", holidays.Count > 0);
        section.Require(businessDays || holidays.Count == 0, "holidays", "is given, but businessDays is false.");
        var calendar = new TradingCalendar
        {
            TimeZone = zone ?? TimeZoneInfo.Utc,
            OpensAt = Clock(section, "opensAt"),
            ClosesAt = Clock(section, "closesAt"),
            Days = businessDays ? new BusinessCalendar(holidays) : null,
        };
        section.Close();
        return calendar;
    }

    private static TimeOnly Clock(ConfigObject section, string key)
    {
        var text = section.Text(key) ?? "00:00";
        var isTime = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        section.Require(isTime, key, $"is '{text}'; give a time of the day such as 09:30.");
        return time;
    }

    /// <summary>A number that has no default; where it is missing 0 stands for it, which is always allowed.</summary>
    private static double Needed(ConfigObject section, string key)
    {
        section.Require(section.Has(key), key, "is missing; give a number.");
        return section.Number(key, 0);
    }
}
