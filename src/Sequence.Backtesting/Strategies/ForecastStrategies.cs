namespace Sequence.Backtesting;

/// <summary>
/// Trading rules on forecasts. After every bar each asset's newest forecast that is not too old gives a wanted weight, and the
/// account is rebalanced to the weights at the next open. With N assets each gets 1 / N of what the rule says. An asset without
/// a forecast is not held. Orders are made as <see cref="StrategyContext.SetTargetWeights"/> says.
/// </summary>
public static class ForecastStrategies
{
    /// <summary>Distance from its weight within which a position is left alone, as a share of the account.</summary>
    public const double DefaultTolerance = 0.01;

    /// <summary>Long while the expected return is above a threshold, otherwise flat: weight 1 or 0.</summary>
    /// <param name="source">The forecasts.</param>
    /// <param name="threshold">Least expected return, as a fraction, such as the costs of a round trip.</param>
    /// <param name="tolerance">Distance from its weight within which a position is left alone.</param>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy LongFlat(ForecastSource source, double threshold = 0, double tolerance = DefaultTolerance)
    {
        RuleCheck.Finite(threshold, "threshold");
        return EachAsset(
            "long-flat", source, tolerance, (_, signal) => signal.ExpectedReturn > threshold ? 1 : 0);
    }

    /// <summary>Long or short by the sign of the expected return, flat inside a dead band: weight 1, -1 or 0.</summary>
    /// <param name="source">The forecasts.</param>
    /// <param name="deadBand">Expected returns of at most this size, as a fraction, count as none; not negative.</param>
    /// <param name="tolerance">Distance from its weight within which a position is left alone.</param>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy LongShort(ForecastSource source, double deadBand = 0, double tolerance = DefaultTolerance)
    {
        RuleCheck.NotNegative(deadBand, "dead band");
        return EachAsset("long-short", source, tolerance, (_, signal) => Direction(signal, deadBand));
    }

    /// <summary>
    /// Weighted by the probability p of a rise, <see cref="ForecastSignal.ProbabilityOfRise"/>: weight = f (2p - 1). With f = 1
    /// that is linear in p and the Kelly bet at even odds; f = 1/2 is half Kelly. Source: Kelly, A new interpretation of
    /// information rate, 1956.
    /// </summary>
    /// <param name="source">The forecasts, with intervals.</param>
    /// <param name="fraction">Share of the Kelly bet, f; positive.</param>
    /// <param name="allowShort">Whether falls are sold short; otherwise their weight is 0.</param>
    /// <param name="tolerance">Distance from its weight within which a position is left alone.</param>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy ProbabilityWeighted(
        ForecastSource source, double fraction = 1, bool allowShort = true, double tolerance = DefaultTolerance)
    {
        RuleCheck.Positive(fraction, "fraction of the Kelly bet");
        return EachAsset(
            "probability-weighted",
            source,
            tolerance,
            (_, signal) => Math.Max(fraction * ((2 * signal.ProbabilityOfRise) - 1), allowShort ? double.NegativeInfinity : 0),
            needsProbabilities: true);
    }

    /// <summary>
    /// Direction as in <see cref="LongShort"/>, size by volatility: weight = +-min(target / realised, maximum leverage), with
    /// realised the sample standard deviation of the last log returns times sqrt(periods a year).
    /// </summary>
    /// <param name="source">The forecasts.</param>
    /// <param name="targetVolatility">Wanted yearly volatility, as a fraction; positive.</param>
    /// <param name="lookBack">Log returns for the realised volatility; at least 2. Without as many the asset is not held.</param>
    /// <param name="periodsPerYear">Bars in a year; positive.</param>
    /// <param name="maximumLeverage">Greatest weight; positive. More than 1 needs an initial margin below 1.</param>
    /// <param name="deadBand">Expected returns of at most this size, as a fraction, count as none; not negative.</param>
    /// <param name="allowShort">Whether falls are sold short; otherwise their weight is 0.</param>
    /// <param name="tolerance">Distance from its weight within which a position is left alone.</param>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy VolatilityTarget(
        ForecastSource source,
        double targetVolatility,
        int lookBack = 20,
        double periodsPerYear = 252,
        double maximumLeverage = 1,
        double deadBand = 0,
        bool allowShort = true,
        double tolerance = DefaultTolerance)
    {
        RuleCheck.Positive(targetVolatility, "target volatility");
        RuleCheck.Positive(periodsPerYear, "number of periods a year");
        RuleCheck.Positive(maximumLeverage, "maximum leverage");
        RuleCheck.NotNegative(deadBand, "dead band");
        RuleCheck.AtLeast(2, lookBack, "look-back");
        return EachAsset("volatility-target", source, tolerance, (asset, signal) =>
        {
            var direction = Direction(signal, deadBand);
            var realised = RealisedVolatility.Of(asset.Close, lookBack) * Math.Sqrt(periodsPerYear);
            return double.IsNaN(realised) || (direction < 0 && !allowShort)
                ? 0
                : direction * Math.Min(targetVolatility / realised, maximumLeverage);
        });
    }

    /// <summary>
    /// The k assets of a panel with the highest expected returns, 1 / k each; with shorts also -1 / k in each of the k lowest,
    /// as far as these are others. Equal returns are ranked in the market's order. Both sides together are twice the account, for
    /// which the initial margin must be at most a half.
    /// </summary>
    /// <param name="source">The forecasts.</param>
    /// <param name="count">How many to hold, k; at least 1.</param>
    /// <param name="shortLowest">Whether the lowest are sold short.</param>
    /// <param name="tolerance">Distance from its weight within which a position is left alone.</param>
    /// <exception cref="ConfigurationException">A number is outside what it may be.</exception>
    public static Strategy TopK(ForecastSource source, int count, bool shortLowest = false, double tolerance = DefaultTolerance)
    {
        ArgumentNullException.ThrowIfNull(source);
        RuleCheck.AtLeast(1, count, "number of assets");
        RuleCheck.NotNegative(tolerance, "tolerance");
        return new Strategy($"top-{count}", setup =>
        {
            var reader = source.Open(setup.Market);
            var ranking = new Ranking(setup.Market.Assets.Count);
            var weights = new double[setup.Market.Assets.Count];
            return context =>
            {
                ranking.Clear();
                for (var asset = 0; asset < weights.Length; asset++)
                {
                    if (context.Assets[asset].Bars > 0 && reader.TryRead(context, context.Assets[asset], out var signal))
                    {
                        ranking.Add(asset, signal.ExpectedReturn);
                    }
                }

                ranking.Weigh(count, shortLowest, weights);
                context.SetTargetWeights(weights, tolerance);
            };
        });
    }

    private static Strategy EachAsset(
        string name,
        ForecastSource source,
        double tolerance,
        Func<AssetContext, ForecastSignal, double> weigh,
        bool needsProbabilities = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        RuleCheck.NotNegative(tolerance, "tolerance");
        return new Strategy(name, setup =>
        {
            var reader = source.Open(setup.Market);
            if (needsProbabilities && !reader.HasProbabilities)
            {
                throw new ModelException(
                    $"The strategy '{name}' needs forecasts with intervals; set the levels of the walk-forward and use a forecaster that has them.");
            }

            var weights = new double[setup.Market.Assets.Count];
            return context =>
            {
                for (var index = 0; index < weights.Length; index++)
                {
                    var asset = context.Assets[index];
                    weights[index] = asset.Bars > 0 && reader.TryRead(context, asset, out var signal)
                        ? weigh(asset, signal) / weights.Length
                        : 0;
                }

                context.SetTargetWeights(weights, tolerance);
            };
        });
    }

    private static int Direction(ForecastSignal signal, double deadBand) =>
        signal.ExpectedReturn > deadBand ? 1 : signal.ExpectedReturn < -deadBand ? -1 : 0;
}
