using Sequence.Numerics;

namespace Sequence.Backtesting;

/// <summary>Strategies without a forecast, to compare others with.</summary>
public static class ControlStrategies
{
    /// <summary>
    /// Buys every asset at its first chance for 1 / N of the account, with N the number of assets of the market, and keeps it.
    /// </summary>
    public static Strategy BuyAndHold() => new("buy-and-hold", setup =>
    {
        var assets = setup.Market.Assets.Count;
        var bought = new bool[assets];
        return context =>
        {
            for (var index = 0; index < assets; index++)
            {
                if (!bought[index] && context.Assets[index].HasBar)
                {
                    bought[index] = true;
                    context.Assets[index].SetTargetWeight(1.0 / assets);
                }
            }
        };
    });

    /// <summary>
    /// Enters and leaves by coin tosses: each asset is a Markov chain that is in the market a given share of the bars and turns
    /// over a given share of its capital a bar,
    /// <code>
    /// P(enter) = turnover / (2 (1 - exposure)),  P(leave) = turnover / (2 exposure)
    /// </code>
    /// starting in its stationary distribution. A chain in the market has the weight 1 / N, so entering or leaving turns over
    /// all of an asset's capital once. With shorts every entry is long or short with even chances.
    /// </summary>
    /// <param name="turnover">
    /// Expected turnover a bar, bought plus sold as a share of the capital; in (0, 1] and such that both probabilities are at most 1.
    /// As much as another strategy has: twice its <see cref="ActivityStatistics.Turnover"/>, which is a year's and counts half, times the years
    /// over the bars.
    /// </param>
    /// <param name="seed">Seed; asset i draws from the stream i.</param>
    /// <param name="exposure">Expected share of bars in the market, in (0, 1).</param>
    /// <param name="allowShort">Whether entries can be short.</param>
    /// <exception cref="ConfigurationException">Lists every number that is outside.</exception>
    public static Strategy RandomEntries(double turnover, ulong seed, double exposure = 0.5, bool allowShort = false)
    {
        var faults = new List<string>();
        if (exposure is not (> 0 and < 1))
        {
            faults.Add($"Random entries have the exposure {exposure}; give a share in (0, 1).");
        }

        if (turnover is not (> 0 and <= 1) || turnover > 2 * Math.Min(exposure, 1 - exposure))
        {
            faults.Add(
                $"Random entries have a turnover of {turnover} a bar; give one in (0, 1], at most twice the exposure ({exposure}) and " +
                "twice the rest.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var enter = turnover / (2 * (1 - exposure));
        var leave = turnover / (2 * exposure);
        return new Strategy("random-entries", setup =>
        {
            var random = Enumerable.Range(0, setup.Market.Assets.Count).Select(asset => new CounterRandom(seed, (ulong)asset)).ToArray();
            var sides = new int?[random.Length];
            return context =>
            {
                for (var index = 0; index < random.Length; index++)
                {
                    var asset = context.Assets[index];
                    if (!asset.HasBar)
                    {
                        continue;
                    }

                    var before = sides[index];
                    var toss = random[index].NextDouble();
                    var enters = before switch
                    {
                        null => toss < exposure,
                        0 => toss < enter,
                        _ => false,
                    };
                    var side = enters ? (allowShort && random[index].NextDouble() < 0.5 ? -1 : 1)
                        : before is null || toss < leave ? 0 : before.Value;
                    sides[index] = side;
                    if (side != (before ?? 0))
                    {
                        asset.SetTargetWeight((double)side / random.Length);
                    }
                }
            };
        });
    }
}
