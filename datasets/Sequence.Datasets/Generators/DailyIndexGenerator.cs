using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// A stock index on business days: close[t] = close[t-1] (1 + r[t]) from 1000, with the return
/// r[t] = drift + weekly w[weekday(t)] + e[t], e[t] = s[t] z[t], and the variance of a GARCH(1,1) process
/// s[t]^2 = (1 - a - b) volatility^2 + a e[t-1]^2 + b s[t-1]^2 (Bollerslev 1986). Here a is the reaction, b the
/// persistence, z standard normal, and w = -1, 0.25, 0.5, 0.75, -0.5 from Monday to Friday, so that it sums to zero.
/// </summary>
/// <remarks>A return below -50 % is cut off there: a price stays positive.</remarks>
public sealed class DailyIndexGenerator : SeriesGenerator
{
    private const double FirstClose = 1000;
    private const double LeastReturn = -0.5;
    private const int Decimals = 2;

    private static readonly DateTimeOffset FirstDay = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly double[] WeeklyProfile = [-1, 0.25, 0.5, 0.75, -0.5];

    /// <inheritdoc />
    public override string Name => "daily-index";

    /// <inheritdoc />
    public override string Description =>
        "a stock index on business days with drift, volatility clustering (GARCH) and a day-of-week effect";

    /// <inheritdoc />
    public override IReadOnlyList<GeneratorParameter> Parameters { get; } =
    [
        Rows,
        new("drift", "mean return a day, as a fraction", 0.0003, -0.1, 0.1),
        new("volatility", "long-run standard deviation of the return, as a fraction", 0.009, 0, 0.1),
        new("reaction", "share of yesterday's squared shock in today's variance", 0.1, 0, 0.9),
        new("persistence", "share of yesterday's variance in today's", 0.87, 0, 0.99),
        new("weekly", "scale of the day-of-week effect in the return, as a fraction", 0.0025, 0, 0.1),
    ];

    private protected override IEnumerable<string> Faults(IReadOnlyDictionary<string, double> values)
    {
        if (values["reaction"] + values["persistence"] >= 1)
        {
            yield return $"reaction + persistence is {values["reaction"] + values["persistence"]}; below 1 the variance is " +
                "finite.";
        }
    }

    private protected override GeneratedSeries Generate(CounterRandom random, IReadOnlyDictionary<string, double> values)
    {
        var rows = (int)values["rows"];
        var (reaction, persistence) = (values["reaction"], values["persistence"]);
        var longRun = values["volatility"] * values["volatility"];
        var timestamps = Timestamps(new Frequency(FrequencyUnit.BusinessDay), FirstDay, rows);
        var closes = new double[rows];
        var (close, variance) = (FirstClose, longRun);
        for (var row = 0; row < rows; row++)
        {
            var shock = Math.Sqrt(variance) * NextNormal(random);
            if (row > 0)
            {
                var weekday = (int)timestamps[row].DayOfWeek - (int)DayOfWeek.Monday;
                var change = values["drift"] + (values["weekly"] * WeeklyProfile[weekday]) + shock;
                close *= 1 + Math.Max(change, LeastReturn);
            }

            closes[row] = Math.Round(close, Decimals, MidpointRounding.AwayFromZero);
            variance = ((1 - reaction - persistence) * longRun) + (reaction * shock * shock) + (persistence * variance);
        }

        var series = new TimeSeries(Name, new Frequency(FrequencyUnit.BusinessDay), timestamps, closes);
        return new GeneratedSeries(series, "date", "close", Decimals);
    }
}
