using System.Globalization;

namespace Sequence.Backtesting;

/// <summary>One thing a strategy decided: an order placed or cancelled, in words that two runs can compare.</summary>
/// <param name="Bar">Index of the market's bar.</param>
/// <param name="Time">Time of that bar.</param>
/// <param name="What">The decision with its asset, sizes and prices.</param>
public sealed record Decision(int Bar, DateTimeOffset Time, string What)
{
    internal static Decision Placed(Broker broker, Order order) => new(broker.Bar, broker.Time, "place " + Describe(order));

    internal static Decision Cancelled(Broker broker, Order order) => new(broker.Bar, broker.Time, "cancel " + Describe(order));

    private static string Describe(Order order) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(order.IsBuy ? "buy" : "sell")} {order.Asset} {(order.Size.IsFraction ? "share" : "units")} {order.Size.Value:R}") +
        Price("limit", order.Limit) + Price("stop", order.Stop) + Price("trail", order.Trail?.Value) +
        Price("stop-loss", order.StopLoss) + Price("trailing stop-loss", order.TrailingStopLoss?.Value) +
        Price("take-profit", order.TakeProfit) + (order.AtClose ? " at close" : string.Empty) +
        (order.Trade is null ? string.Empty : " of a trade") + (order.Tag is { } tag ? $" '{tag}'" : string.Empty);

    private static string Price(string name, double? price) =>
        price is { } value ? string.Create(CultureInfo.InvariantCulture, $" {name} {value:R}") : string.Empty;
}
