using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// A monthly series y[t] = level + slope t + amplitude s(t / period) + noise z[t]. The season s is Bhaskara's rational
/// sine: +-16 x (1 - x) / (5 - 4 x (1 - x)) with x the fraction of the half period, within 0.002 of the sine.
/// </summary>
public sealed class SeasonalTrendGenerator : SeriesGenerator
{
    private const int Decimals = 3;

    private static readonly DateTimeOffset FirstMonth = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override string Name => "seasonal-trend";

    /// <inheritdoc />
    public override string Description => "a monthly series with a straight trend, a sine season and normal noise";

    /// <inheritdoc />
    public override IReadOnlyList<GeneratorParameter> Parameters { get; } =
    [
        Rows with { Default = 240, Maximum = 12_000 },
        new("level", "value of the trend at the first row", 100, -1e6, 1e6),
        new("slope", "change of the trend a row", 0.5, -1e3, 1e3),
        new("amplitude", "height of the season", 20, 0, 1e6),
        new("period", "rows in a season", 12, 2, 1000, IsWhole: true),
        new("noise", "standard deviation of the noise", 4, 0, 1e6),
    ];

    private protected override GeneratedSeries Generate(CounterRandom random, IReadOnlyDictionary<string, double> values)
    {
        var rows = (int)values["rows"];
        var period = (int)values["period"];
        var points = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var point = values["level"] + (values["slope"] * row) + (values["amplitude"] * Season(row % period, period)) +
                (values["noise"] * NextNormal(random));
            points[row] = Math.Round(point, Decimals, MidpointRounding.AwayFromZero);
        }

        var frequency = new Frequency(FrequencyUnit.Month);
        var series = new TimeSeries(Name, frequency, Timestamps(frequency, FirstMonth, rows), points);
        return new GeneratedSeries(series, "month", "value", Decimals);
    }

    private static double Season(int step, int period)
    {
        var halves = 2.0 * step / period;
        var (sign, fraction) = halves < 1 ? (1, halves) : (-1, halves - 1);
        var arch = fraction * (1 - fraction);
        return sign * 16 * arch / (5 - (4 * arch));
    }
}
