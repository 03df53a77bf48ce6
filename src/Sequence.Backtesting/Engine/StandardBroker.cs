namespace Sequence.Backtesting;
internal sealed class StandardBroker(Market market, BacktestOptions options) : Broker(market, options)
{
    public override double ReferencePrice(AssetBook book, double sign) => book.Close;
    public override void ProcessBar() { }
    public override void Finish() { }
}
