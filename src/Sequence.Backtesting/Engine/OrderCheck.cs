namespace Sequence.Backtesting;

/// <summary>What an order must hold to be placed.</summary>
internal static class OrderCheck
{
    public static void Require(Broker broker, AssetBook book, double sign, in OrderRequest request)
    {
        if (Fault(broker, book, sign, request) is { } fault)
        {
            throw new OrderException($"The order to {(sign > 0 ? "buy" : "sell")} '{book.Series.Asset}' {fault}");
        }
    }

    public static void RequireBracket(Trade trade, double? price, string name)
    {
        if (!trade.IsOpen)
        {
            throw new OrderException($"The {name} of a trade of '{trade.Asset}' cannot be set: the trade is closed.");
        }

        if (PriceFault(price, name) is { } fault)
        {
            throw new OrderException($"The open trade of '{trade.Asset}' {fault}");
        }
    }

    private static string? Fault(Broker broker, AssetBook book, double sign, in OrderRequest request)
    {
        if (book.Cursor < 0)
        {
            return "comes before its first bar; wait until it has one.";
        }

        return SizeFault(request.Size, broker.Options.LotSize)
            ?? KindFault(request)
            ?? (broker.Options.Profile == ExecutionProfile.BacktestingPy ? ProfileFault(request) : null)
            ?? PriceFault(request.Limit, "limit")
            ?? PriceFault(request.Stop, "stop")
            ?? PriceFault(request.StopLoss, "stop-loss")
            ?? PriceFault(request.TakeProfit, "take-profit")
            ?? SideFault(broker, book, sign, request);
    }

    private static string? SizeFault(OrderSize size, double lot)
    {
        if (size.IsFraction)
        {
            return size.Value is > 0 and <= 1 ? null : $"has a size of {size.Value} of the buying power; give a share in (0, 1].";
        }

        if (size.Value is not (> 0 and < double.PositiveInfinity))
        {
            return $"has a size of {size.Value} units; give a positive number.";
        }

        var lots = lot == 0 ? 0 : size.Value / lot;
        return Math.Abs(lots - Math.Round(lots)) <= 1e-9 * Math.Abs(lots)
            ? null
            : $"has a size of {size.Value} units, but units come in multiples of {lot}; round it, or use OrderSize.Fraction for a share.";
    }

    private static string? KindFault(in OrderRequest request)
    {
        if (request.AtClose && (request.Limit ?? request.Stop ?? request.Trail?.Value) is not null)
        {
            return "waits for the close and has a limit, stop or trail; an at-close order is a market order.";
        }

        if (request.Trail is { } trail)
        {
            return request.Stop is not null || request.Limit is not null
                ? "has a trail beside a stop or limit; give one of them."
                : trail.Fault() is { } fault ? $"has {fault}." : null;
        }

        return request.TrailingStopLoss is { } trailing
            ? request.StopLoss is not null
                ? "has both a stop-loss and a trailing stop-loss; give one of them."
                : trailing.Fault() is { } wrong ? $"has {wrong} for its stop-loss." : null
            : Enum.IsDefined(request.TimeInForce) ? null : $"has the time in force {request.TimeInForce}, which there is not.";
    }

    private static string? ProfileFault(in OrderRequest request) =>
        request.AtClose || request.ReduceToMargin || request.TimeInForce != TimeInForce.GoodTillCancelled ||
        (request.Trail ?? request.TrailingStopLoss) is not null
            ? "waits for the close, trails, is reduced to the margin or has a time in force, which the BacktestingPy profile does not know."
            : null;

    private static string? PriceFault(double? price, string name) => price is null or (> 0 and < double.PositiveInfinity)
        ? null
        : $"has a {name} of {price}; prices are positive and finite.";

    private static string? SideFault(Broker broker, AssetBook book, double sign, in OrderRequest request)
    {
        var entry = request.Limit ?? request.Stop ?? broker.ReferencePrice(book, sign);
        var low = (sign > 0 ? request.StopLoss : request.TakeProfit) ?? double.NegativeInfinity;
        var high = (sign > 0 ? request.TakeProfit : request.StopLoss) ?? double.PositiveInfinity;
        if (!(low < entry && entry < high))
        {
            return sign > 0
                ? $"needs stop-loss ({request.StopLoss}) < entry ({entry}) < take-profit ({request.TakeProfit})."
                : $"needs take-profit ({request.TakeProfit}) < entry ({entry}) < stop-loss ({request.StopLoss}).";
        }

        return broker.Options.Profile == ExecutionProfile.Standard && request.Stop is { } stop && sign * (stop - book.Close) <= 0
            ? $"has its stop at {stop}, on the wrong side of the price ({book.Close}): " +
                (sign > 0 ? "a stop to buy lies above it. Use a limit to buy below." : "a stop to sell lies below it. Use a limit to sell above.")
            : null;
    }
}
