namespace Sequence.Backtesting.Tests.Writing;

[TestClass]
public sealed class BacktestSettingsTests
{
    [TestMethod]
    public void Describe_EveryOptionChanged_ChangesEveryValue()
    {
        var plain = BacktestSettings.Describe(new BacktestOptions(), new PerformanceOptions());
        var changed = BacktestSettings.Describe(
            new BacktestOptions
            {
                Cash = 5,
                Profile = ExecutionProfile.Standard,
                Commission = Commission.PerTrade(1),
                Slippage = Slippage.Fixed(0.1),
                Spread = 0.1,
                InitialMargin = 0.5,
                BorrowRate = 0.1,
                FinancingRate = 0.2,
                PositionMode = PositionMode.Hedging,
                TradeOnClose = true,
                ExclusiveOrders = true,
                CloseAtEnd = true,
                AllowShort = false,
                LotSize = 0.25,
                VolumeLimit = 0.1,
                Calendar = new TradingCalendar(),
            },
            new PerformanceOptions
            {
                PeriodsPerYear = 12,
                RiskFreeRate = 0.01,
                SharpeConvention = SharpeConvention.Lean,
                SortinoConvention = SortinoConvention.Lean,
            });
        CollectionAssert.AreEqual(plain.Keys.ToArray(), changed.Keys.ToArray());
        foreach (var (name, value) in plain.Where(setting => setting.Key != "profile"))
        {
            Assert.AreNotEqual(value, changed[name], name);
        }

        Assert.AreEqual("0.25", changed["maintenance margin"]);
    }

    [TestMethod]
    public void Describe_OfTheCompatibilityProfile_LeavesOutWhatItHasNot() => Assert.IsFalse(
        BacktestSettings.Describe(new BacktestOptions { Profile = ExecutionProfile.BacktestingPy }).ContainsKey("maintenance margin"));
}
