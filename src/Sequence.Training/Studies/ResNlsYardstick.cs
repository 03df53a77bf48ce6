using MathNet.Numerics.Statistics;
using Sequence.Forecasting;

namespace Sequence.Training;

/// <summary>Measures forecasts of the test rows against what came true and against persistence.</summary>
/// <param name="actual">Prices, [test rows].</param>
/// <param name="previous">The price before each: persistence's forecasts, [test rows].</param>
internal sealed class ResNlsYardstick(double[] actual, double[] previous)
{
    private readonly double[] _persistenceErrors = Errors(actual, previous);
    private readonly double _persistenceError = PointAccuracy.MeanAbsoluteError(actual, previous);

    /// <summary>Share of the moves that went up: what forecasting a rise every day would score as direction.</summary>
    public double ShareOfRises { get; } = actual.Zip(previous).Count(pair => pair.First > pair.Second) /
        (double)actual.Zip(previous).Count(pair => pair.First != pair.Second);

    public ResNlsStudyTraining Training(
        ResNlsStudyTarget target, string model, int lookBack, int seed, ResNlsForecasts forecasts) => new(
        target,
        model,
        lookBack,
        seed,
        forecasts.Epochs,
        forecasts.BestEpoch,
        PointAccuracy.MeanAbsoluteError(actual, forecasts.Prices),
        PointAccuracy.RootMeanSquaredError(actual, forecasts.Prices),
        PointAccuracy.DirectionalAccuracy(actual, forecasts.Prices, previous),
        AgainstPersistence(forecasts.Prices).PValue);

    public ResNlsStudyRow Persistence(ResNlsStudyTarget target) => new(
        target,
        "persistence",
        LookBack: 1,
        Seeds: 1,
        _persistenceError,
        MeanAbsoluteErrorSpread: null,
        PointAccuracy.RootMeanSquaredError(actual, previous),
        RootMeanSquaredErrorSpread: null,
        RelativeError: 1,
        MedianPValue: null,
        _persistenceError,
        AveragedStatistic: null,
        AveragedPValue: null,
        DirectionalAccuracy: null,
        DirectionalAccuracySpread: null,
        Epochs: null,
        BestEpoch: null);

    /// <summary>The row of a model that was trained once for each seed.</summary>
    public ResNlsStudyRow Row(
        ResNlsStudyTarget target, string model, int lookBack, IReadOnlyList<ResNlsForecasts> seeds) =>
        Row(target, model, lookBack, [.. seeds.Select(seed => seed.Prices)]) with
        {
            Epochs = seeds.Average(seed => seed.Epochs),
            BestEpoch = seeds.Average(seed => seed.BestEpoch),
        };

    /// <summary>The row of a model with one list of forecasts for each seed.</summary>
    public ResNlsStudyRow Row(ResNlsStudyTarget target, string model, int lookBack, IReadOnlyList<double[]> seeds)
    {
        var absolute = seeds.Select(prices => PointAccuracy.MeanAbsoluteError(actual, prices)).ToArray();
        var squared = seeds.Select(prices => PointAccuracy.RootMeanSquaredError(actual, prices)).ToArray();
        var direction = seeds.Select(prices => PointAccuracy.DirectionalAccuracy(actual, prices, previous)).ToArray();
        var averaged = Enumerable.Range(0, actual.Length).Select(row => seeds.Average(prices => prices[row])).ToArray();
        var test = AgainstPersistence(averaged);
        return new ResNlsStudyRow(
            target,
            model,
            lookBack,
            seeds.Count,
            absolute.Average(),
            Spread(absolute),
            squared.Average(),
            Spread(squared),
            absolute.Average() / _persistenceError,
            seeds.Select(prices => AgainstPersistence(prices).PValue).Median(),
            PointAccuracy.MeanAbsoluteError(actual, averaged),
            test.Statistic,
            test.PValue,
            direction.Average(),
            Spread(direction),
            Epochs: null,
            BestEpoch: null);
    }

    private static double? Spread(double[] values) => values.Length < 2 ? null : values.StandardDeviation();

    private static double[] Errors(double[] actual, double[] prices) =>
        [.. actual.Zip(prices, (came, forecast) => came - forecast)];

    private DieboldMarianoResult AgainstPersistence(double[] prices) =>
        DieboldMariano.Test(Errors(actual, prices), _persistenceErrors, horizon: 1, ForecastLoss.Absolute);
}
