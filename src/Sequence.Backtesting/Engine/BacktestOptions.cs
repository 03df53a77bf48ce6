namespace Sequence.Backtesting;

/// <summary>The account and the rules of a backtest.</summary>
public sealed record BacktestOptions
{
    /// <summary>Cash at the start; positive.</summary>
    /// <value>Default: 10,000.</value>
    public double Cash { get; init; } = 10_000;

    /// <summary>Whose rules fill orders.</summary>
    /// <value>Default: <see cref="ExecutionProfile.Standard"/>.</value>
    public ExecutionProfile Profile { get; init; }

    /// <summary>Commission of every fill.</summary>
    /// <value>Default: none.</value>
    public Commission Commission { get; init; } = Commission.None;

    /// <summary>Slippage of market and stop orders.</summary>
    /// <value>Default: none.</value>
    public Slippage Slippage { get; init; } = Slippage.None;

    /// <summary>
    /// Ask minus bid as a share of the price, in [0, 1): market and stop orders pay half of it. (The BacktestingPy profile
    /// charges all of it at the entry.)
    /// </summary>
    /// <value>Default: 0.</value>
    public double Spread { get; init; }

    /// <summary>Equity needed to open a position, as a share of its value, in (0, 1]; its inverse is the leverage.</summary>
    /// <value>Default: 1, no leverage.</value>
    public double InitialMargin { get; init; } = 1;

    /// <summary>
    /// Equity needed to keep positions, as a share of their value, at most <see cref="InitialMargin"/>. Below it at a close,
    /// every position is cut at the next open until the initial margin holds. 0 is never.
    /// </summary>
    /// <value>Default: null, half of the initial margin.</value>
    public double? MaintenanceMargin { get; init; }

    /// <summary>Yearly rate on the value of short positions, by calendar days over 365; not negative.</summary>
    /// <value>Default: 0.</value>
    public double BorrowRate { get; init; }

    /// <summary>Yearly rate on negative cash, by calendar days over 365; not negative.</summary>
    /// <value>Default: 0.</value>
    public double FinancingRate { get; init; }

    /// <summary>Whether opposite trades net or stay side by side.</summary>
    /// <value>Default: <see cref="PositionMode.Netting"/>.</value>
    public PositionMode PositionMode { get; init; }

    /// <summary>
    /// Whether market orders are filled at the close that decided them, a price the decision already knew. For comparisons
    /// with engines that do so; the look-ahead guard reports it.
    /// </summary>
    /// <value>Default: false, at the next open.</value>
    public bool TradeOnClose { get; init; }

    /// <summary>Whether a new order first cancels all waiting orders and closes all open trades.</summary>
    /// <value>Default: false.</value>
    public bool ExclusiveOrders { get; init; }

    /// <summary>Whether trades open at the end are closed, at the last close (BacktestingPy: at the last open), with commission.</summary>
    /// <value>Default: false, they stay open and are valued at the last close.</value>
    public bool CloseAtEnd { get; init; }

    /// <summary>Whether orders may open short positions.</summary>
    /// <value>Default: true.</value>
    public bool AllowShort { get; init; } = true;

    /// <summary>Units come in multiples of this; 0 allows any fraction.</summary>
    /// <value>Default: 1.</value>
    public double LotSize { get; init; } = 1;

    /// <summary>Most units an asset can trade in a bar, as a share of its volume, in (0, 1]; the rest of an order waits.</summary>
    /// <value>Default: null, no limit.</value>
    public double? VolumeLimit { get; init; }

    /// <summary>When the exchange trades.</summary>
    /// <value>Default: null: every bar trades, and a session is a day in UTC.</value>
    public TradingCalendar? Calendar { get; init; }

    /// <summary>Throws when an option cannot be used with this market.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate(Market market)
    {
        ArgumentNullException.ThrowIfNull(market);
        var faults = new List<string>();
        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        Require(Cash is > 0 and < double.PositiveInfinity, $"Cash is {Cash}; give a positive amount.");
        Require(Enum.IsDefined(Profile), $"Profile is {Profile}; give Standard or BacktestingPy.");
        Require(Enum.IsDefined(PositionMode), $"PositionMode is {PositionMode}; give Netting or Hedging.");
        Require(Spread is >= 0 and < 1, $"Spread is {Spread}; give a share of the price in [0, 1).");
        Require(InitialMargin is > 0 and <= 1, $"InitialMargin is {InitialMargin}; give a share in (0, 1].");
        Require(
            MaintenanceMargin is null || (MaintenanceMargin >= 0 && MaintenanceMargin <= InitialMargin),
            $"MaintenanceMargin is {MaintenanceMargin}; give a share from 0 to InitialMargin ({InitialMargin}).");
        Require(BorrowRate is >= 0 and < double.PositiveInfinity, $"BorrowRate is {BorrowRate}; give a yearly rate, not negative.");
        Require(FinancingRate is >= 0 and < double.PositiveInfinity, $"FinancingRate is {FinancingRate}; give a yearly rate, not negative.");
        Require(LotSize is >= 0 and < double.PositiveInfinity, $"LotSize is {LotSize}; give a positive number of units, or 0 for any fraction.");
        Require(VolumeLimit is null or (> 0 and <= 1), $"VolumeLimit is {VolumeLimit}; give a share of the volume in (0, 1].");
        if (VolumeLimit is not null || Slippage.NeedsVolume)
        {
            foreach (var series in market.Assets.Where(series => series.Volume.IsEmpty && series.Length > 0))
            {
                faults.Add($"'{series.Asset}' has no volumes, which {(VolumeLimit is null ? "Slippage" : "VolumeLimit")} needs.");
            }
        }

        if (Profile == ExecutionProfile.BacktestingPy)
        {
            Require(market.Assets.Count == 1, $"The BacktestingPy profile trades one asset; the market has {market.Assets.Count}.");
            Require(market.Splits.Count + market.Dividends.Count == 0, "The BacktestingPy profile knows no splits or dividends.");
            Require(ReferenceEquals(Slippage, Slippage.None), "The BacktestingPy profile knows no Slippage.");
            Require(MaintenanceMargin is null, "The BacktestingPy profile knows no MaintenanceMargin.");
            Require(BorrowRate == 0 && FinancingRate == 0, "The BacktestingPy profile knows no BorrowRate or FinancingRate.");
            Require(VolumeLimit is null, "The BacktestingPy profile knows no VolumeLimit.");
            Require(Calendar is null, "The BacktestingPy profile knows no Calendar.");
            Require(LotSize == 1, "The BacktestingPy profile trades whole units; leave LotSize at 1.");
            Require(AllowShort, "The BacktestingPy profile always allows short positions; leave AllowShort at true.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }
}
