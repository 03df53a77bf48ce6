using Sequence.Numerics;

namespace Sequence.Reporting.Tests.Forecasts;

/// <summary>A report with every part, of made-up numbers.</summary>
internal static class Demonstration
{
    private static readonly string[] Models =
        ["persistence", "seasonal naive", "AR(5)", "ETS", "NLinear", "DLinear", "ResNLS-5"];

    public static ForecastReport Create(string name = "daily-index")
    {
        var random = new CounterRandom(1);
        var start = new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var history = new double[120];
        history[0] = 1180;
        for (var day = 1; day < history.Length; day++)
        {
            history[day] = history[day - 1] * (1 + (0.009 * random.NextGaussian()));
        }

        history[40] = double.NaN;
        var horizon = 20;
        var mean = Enumerable.Range(1, horizon).Select(step => history[^1] + (1.2 * step)).ToArray();
        double[] Bound(double scale) => [.. mean.Select((value, step) => value + (scale * 11 * Math.Sqrt(step + 1)))];
        return new ForecastReport
        {
            Title = $"Forecast of {name}",
            Subtitle = "ResNLS-5 and baselines, 20 business days ahead",
            Target = "close",
            Data =
            [
                new("source", "samples/daily-index.csv"), new("rows", "1,500, business days"),
                new("period", "2019-01-01 to 2024-09-30"), new("split", "1,050 training, 200 validation, 250 test"),
            ],
            Measures =
            [
                new("MAE"), new("RMSE"), new("MASE"), new("coverage 80 %", MeasureGoal.None), new("seconds", MeasureGoal.None),
            ],
            Models =
            [
                .. Models.Select((model, index) => new ModelScore(
                    model, index < 4, [26.09 - index, 35.87 - index, 1.02 - (0.03 * index), 79.1 + index, 0.01 * index * index * index])),
            ],
            Evaluation = "Rolling origin, 13 folds of 20 steps, refitted every 5 folds.",
            Forecast = new(
                "ResNLS-5",
                [.. Enumerable.Range(0, history.Length).Select(day => start.AddDays(day))],
                history,
                [.. Enumerable.Range(0, horizon).Select(step => start.AddDays(history.Length + step))],
                mean,
                [new(80, Bound(-1.28), Bound(1.28)), new(95, Bound(-1.96), Bound(1.96))]),
            ErrorsByHorizon =
            [
                .. Models.Select((model, index) => new HorizonErrors(
                    model, index < 4, [.. Enumerable.Range(1, horizon).Select(step => (9 - (0.4 * index)) * Math.Sqrt(step))])),
            ],
            Residuals = new(
                "ResNLS-5",
                [.. Enumerable.Range(0, 600).Select(index => start.AddDays(-index / 2))],
                [.. Enumerable.Range(0, 600).Select(_ => 14 * random.NextGaussian())]),
            Training =
            [
                new(
                    "ResNLS-5",
                    [.. Enumerable.Range(0, 30).Select(epoch => 0.2 + (0.8 * Math.Exp(-epoch / 6.0)))],
                    [.. Enumerable.Range(0, 30).Select(epoch => 0.3 + (0.7 * Math.Exp(-epoch / 5.0)) + (0.004 * epoch))],
                    14),
            ],
            Provenance =
            [
                new("command", "sequence quickstart --out forecast"), new("seed", "42"), new("machine", "2 cores, Debian 12"),
                new("version", "0.1.0"),
            ],
        };
    }
}
