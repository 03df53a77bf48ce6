using System.Globalization;

namespace Sequence.Backtesting;

/// <summary>The rules of a backtest in words, for its files and its report.</summary>
public static class BacktestSettings
{
    /// <summary>Names and values of every option, in a fixed order; numbers in the shortest form that reads back the same.</summary>
    /// <param name="options">Account and rules.</param>
    /// <param name="performance">Conventions of the statistics; null leaves them out.</param>
    public static IReadOnlyDictionary<string, string> Describe(BacktestOptions options, PerformanceOptions? performance = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new OrderedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["cash"] = Number(options.Cash),
            ["profile"] = options.Profile.ToString(),
            ["commission"] = options.Commission.ToString(),
            ["slippage"] = options.Slippage.ToString(),
            ["spread"] = Number(options.Spread),
            ["initial margin"] = Number(options.InitialMargin),
            ["maintenance margin"] = Number(options.MaintenanceMargin ?? (options.InitialMargin / 2)),
            ["borrow rate"] = Number(options.BorrowRate),
            ["financing rate"] = Number(options.FinancingRate),
            ["position mode"] = options.PositionMode.ToString(),
            ["trade on close"] = Answer(options.TradeOnClose),
            ["exclusive orders"] = Answer(options.ExclusiveOrders),
            ["close at end"] = Answer(options.CloseAtEnd),
            ["allow short"] = Answer(options.AllowShort),
            ["lot size"] = Number(options.LotSize),
            ["volume limit"] = options.VolumeLimit is { } limit ? Number(limit) : "none",
            ["calendar"] = options.Calendar is { } calendar
                ? $"{calendar.OpensAt:HH\\:mm} to {calendar.ClosesAt:HH\\:mm}, {calendar.TimeZone.Id}{(calendar.Days is null ? ", every day" : ", business days")}"
                : "every bar trades",
        };
        if (options.Profile == ExecutionProfile.BacktestingPy)
        {
            // These are no part of that profile's rules.
            settings.Remove("maintenance margin");
        }

        if (performance is not null)
        {
            settings["Sharpe convention"] = performance.SharpeConvention.ToString();
            settings["Sortino convention"] = performance.SortinoConvention.ToString();
            settings["periods per year"] = performance.PeriodsPerYear is { } periods ? Number(periods) : "inferred from the bars";
            settings["risk-free rate"] = Number(performance.RiskFreeRate);
        }

        return settings;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Answer(bool value) => value ? "yes" : "no";
}
