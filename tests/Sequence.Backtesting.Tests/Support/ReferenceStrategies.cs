using System.Text.Json;

namespace Sequence.Backtesting.Tests;

/// <summary>The strategies the reference cases name.</summary>
internal static class ReferenceStrategies
{
    public static Strategy Named(JsonElement strategy)
    {
        var parameters = strategy.GetProperty("params");
        double Parameter(string name) => parameters.GetProperty(name).GetDouble();
        return strategy.GetProperty("kind").GetString() switch
        {
            "script" => Script(strategy.GetProperty("ops")),
            "buy_hold" => new Strategy("buy-hold", context =>
            {
                if (context.Position == 0 && !context.Orders.Any())
                {
                    context.Buy();
                }
            }),
            "sma_cross_close_reverse" => Cross(
                parameters,
                up: context =>
                {
                    context.ClosePosition();
                    context.Buy();
                },
                down: context =>
                {
                    context.ClosePosition();
                    context.Sell();
                }),
            "sma_cross_reverse" => Cross(parameters, up: context => context.Buy(), down: context => context.Sell()),
            "sma_cross_short_only" => Cross(parameters, up: context => context.ClosePosition(), down: context => context.Sell()),
            "sma_cross_sltp" => Cross(
                parameters,
                up: context =>
                {
                    if (context.Position == 0)
                    {
                        context.Buy(
                            stopLoss: context.Price * (1 - Parameter("slp")), takeProfit: context.Price * (1 + Parameter("tpp")));
                    }
                },
                down: context =>
                {
                    if (context.Position == 0)
                    {
                        context.Sell(
                            stopLoss: context.Price * (1 + Parameter("slp")), takeProfit: context.Price * (1 - Parameter("tpp")));
                    }
                }),
            var kind => throw new InvalidOperationException($"The reference names the strategy '{kind}', which these tests do not know."),
        };
    }

    public static Strategy Script(JsonElement ops) => new("script", context =>
    {
        if (!ops.TryGetProperty(context.Bar.ToString(), out var operations))
        {
            return;
        }

        foreach (var operation in operations.EnumerateArray())
        {
            Apply(context, operation);
        }
    });

    private static Strategy Cross(JsonElement parameters, Action<StrategyContext> up, Action<StrategyContext> down) => new("sma-cross", setup =>
    {
        var fast = setup.Use(new SimpleMovingAverage(parameters.GetProperty("fast").GetInt32()));
        var slow = setup.Use(new SimpleMovingAverage(parameters.GetProperty("slow").GetInt32()));
        return context =>
        {
            if (fast.CrossesAbove(slow))
            {
                up(context);
            }
            else if (fast.CrossesBelow(slow))
            {
                down(context);
            }
        };
    });

    private static void Apply(StrategyContext context, JsonElement operation)
    {
        double? Number(string name) => operation.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
        switch (operation.GetProperty("op").GetString())
        {
            case "cancel_all":
                context.CancelOrders();
                break;
            case "close":
                context.ClosePosition(Number("portion") ?? 1);
                break;
            case "set_sl":
                foreach (var trade in context.Trades)
                {
                    trade.SetStopLoss(Number("price"));
                }

                break;
            case "set_tp":
                foreach (var trade in context.Trades)
                {
                    trade.SetTakeProfit(Number("price"));
                }

                break;
            case "buy":
                context.Buy(Size(Number("size")), Number("limit"), Number("stop"), Number("sl"), Number("tp"), Tag());
                break;
            case "sell":
                context.Sell(Size(Number("size")), Number("limit"), Number("stop"), Number("sl"), Number("tp"), Tag());
                break;
            default:
                throw new InvalidOperationException($"Unknown operation {operation}.");
        }

        string? Tag() => operation.TryGetProperty("tag", out var tag) ? tag.GetString() : null;
    }

    private static OrderSize? Size(double? size) => size is not { } value ? null : value < 1 ? OrderSize.Fraction(value) : OrderSize.Units(value);
}
