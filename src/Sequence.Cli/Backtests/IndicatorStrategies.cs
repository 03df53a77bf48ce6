using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>The strategies on indicators that a configuration can name. Each asset of N gets 1 / N of the account.</summary>
internal static class IndicatorStrategies
{
    /// <summary>
    /// In when the mean of the last closes crosses above the slower one, out (or short) when it crosses below.
    /// </summary>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy SmaCross(int fast, int slow, bool allowShort)
    {
        List<string> faults = [];
        if (fast < 1)
        {
            faults.Add($"fast is {fast}; give at least 1 bar.");
        }

        if (slow <= fast)
        {
            faults.Add($"slow is {slow}; give more bars than fast ({fast}).");
        }

        ConfigurationException.ThrowIfAny(faults);
        return new Strategy("sma-cross", setup =>
        {
            var averages = setup.Market.Assets
                .Select(asset => (Fast: setup.Use(new SimpleMovingAverage(fast), asset.Asset), Slow: setup.Use(new SimpleMovingAverage(slow), asset.Asset)))
                .ToArray();
            return context =>
            {
                for (var index = 0; index < averages.Length; index++)
                {
                    var asset = context.Assets[index];
                    if (!asset.HasBar)
                    {
                        continue;
                    }

                    if (averages[index].Fast.CrossesAbove(averages[index].Slow))
                    {
                        asset.SetTargetWeight(1.0 / averages.Length);
                    }
                    else if (averages[index].Fast.CrossesBelow(averages[index].Slow))
                    {
                        asset.SetTargetWeight(allowShort ? -1.0 / averages.Length : 0);
                    }
                }
            };
        });
    }

    /// <summary>
    /// In when the relative strength index falls below a low level, out (or short) when it rises above a high one.
    /// </summary>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy RsiReversal(int lookBack, double low, double high, bool allowShort)
    {
        List<string> faults = [];
        if (lookBack < 1)
        {
            faults.Add($"lookBack is {lookBack}; give at least 1 bar.");
        }

        if (!(low is > 0 and < 100))
        {
            faults.Add($"low is {low}; give a level between 0 and 100.");
        }

        if (!(high > low && high < 100))
        {
            faults.Add($"high is {high}; give a level above low ({low}) and below 100.");
        }

        ConfigurationException.ThrowIfAny(faults);
        return new Strategy("rsi-reversal", setup =>
        {
            var strengths = setup.Market.Assets.Select(asset => setup.Use(new RelativeStrengthIndex(lookBack), asset.Asset)).ToArray();
            return context =>
            {
                for (var index = 0; index < strengths.Length; index++)
                {
                    var asset = context.Assets[index];
                    if (!asset.HasBar)
                    {
                        continue;
                    }

                    if (strengths[index].Value < low && asset.Position <= 0)
                    {
                        asset.SetTargetWeight(1.0 / strengths.Length);
                    }
                    else if (strengths[index].Value > high && (allowShort ? asset.Position >= 0 : asset.Position > 0))
                    {
                        asset.SetTargetWeight(allowShort ? -1.0 / strengths.Length : 0);
                    }
                }
            };
        });
    }
}
