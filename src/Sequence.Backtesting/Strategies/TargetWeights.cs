namespace Sequence.Backtesting;

/// <summary>Turns wanted shares of the account into orders.</summary>
internal static class TargetWeights
{
    /// <summary>Sets every asset's share; sells are placed before buys, so that they pay for them.</summary>
    public static void Set(Broker broker, ReadOnlySpan<double> weights, double tolerance)
    {
        var books = broker.Books;
        if (weights.Length != books.Length)
        {
            throw new OrderException(
                $"{weights.Length} target weights are given for {books.Length} assets; give one for each, in the market's order.");
        }

        for (var asset = 0; asset < books.Length; asset++)
        {
            Require(broker, books[asset], weights[asset], tolerance);
        }

        broker.CancelAll(null);
        var equity = broker.Equity;
        foreach (var sells in (ReadOnlySpan<bool>)[true, false])
        {
            for (var asset = 0; asset < books.Length; asset++)
            {
                var wanted = WantedUnits(books[asset], weights[asset], equity, tolerance);
                if (wanted < books[asset].Units == sells)
                {
                    Trade(broker, books[asset], wanted);
                }
            }
        }
    }

    /// <summary>Sets the share of one asset.</summary>
    public static void Set(AssetBook book, double weight, double tolerance)
    {
        Require(book.Broker, book, weight, tolerance);
        book.Broker.CancelAll(book);
        Trade(book.Broker, book, WantedUnits(book, weight, book.Broker.Equity, tolerance));
    }

    private static void Require(Broker broker, AssetBook book, double weight, double tolerance)
    {
        if (!double.IsFinite(weight))
        {
            throw new OrderException($"The target weight of '{book.Series.Asset}' is {weight}; give a finite share of the account.");
        }

        if (tolerance is not (>= 0 and < double.PositiveInfinity))
        {
            throw new OrderException($"The tolerance of the target weights is {tolerance}; give a share of the account, not negative.");
        }

        if (weight != 0 && book.Cursor < 0)
        {
            throw new OrderException(
                $"The target weight of '{book.Series.Asset}' is {weight} before its first bar; give 0 until it has one.");
        }

        if (broker.Options.PositionMode == PositionMode.Hedging)
        {
            throw new OrderException(
                $"The target weight of '{book.Series.Asset}' cannot be set while opposite trades stay side by side; use PositionMode.Netting.");
        }

        if (broker.Options.ExclusiveOrders)
        {
            throw new OrderException(
                $"The target weight of '{book.Series.Asset}' cannot be set while every order first closes all trades; leave ExclusiveOrders at false.");
        }
    }

    private static double WantedUnits(AssetBook book, double weight, double equity, double tolerance)
    {
        if (weight == 0)
        {
            return 0;
        }

        var held = book.Units;
        if (Math.Abs(weight - (held * book.Close / equity)) <= tolerance)
        {
            return held;
        }

        var lot = book.Broker.Options.LotSize;
        var units = weight * equity / book.Close;
        return lot == 0 ? units : Math.Truncate(units / lot) * lot;
    }

    private static void Trade(Broker broker, AssetBook book, double wanted)
    {
        if (wanted == 0)
        {
            for (var trade = book.FirstTrade; trade is not null; trade = trade.Next)
            {
                trade.Close();
            }

            return;
        }

        var change = wanted - book.Units;
        var lot = broker.Options.LotSize;

        // A split can leave units that are no whole lots; only whole lots can be ordered.
        var units = lot == 0 ? Math.Abs(change) : Math.Round(Math.Abs(change) / lot) * lot;
        if (units > 0)
        {
            // The compatibility profile does not know orders that are cut to what can be afforded.
            broker.Place(book, Math.Sign(change), new OrderRequest
            {
                Size = units,
                ReduceToMargin = broker.Options.Profile == ExecutionProfile.Standard,
            });
        }
    }
}
