using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// A daily random walk y[t] = y[t-1] + drift + step z[t] from the start: the series for which persistence (with the drift)
/// is the best forecast there is, so that no model can honestly beat it.
/// </summary>
public sealed class RandomWalkGenerator : SeriesGenerator
{
    private const int Decimals = 4;

    private static readonly DateTimeOffset FirstDay = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override string Name => "random-walk";

    /// <inheritdoc />
    public override string Description => "a daily random walk, on which no forecaster can beat persistence";

    /// <inheritdoc />
    public override IReadOnlyList<GeneratorParameter> Parameters { get; } =
    [
        Rows,
        new("start", "first value", 100, -1e6, 1e6),
        new("drift", "mean change a day", 0, -1e3, 1e3),
        new("step", "standard deviation of the change a day", 1, 0, 1e3),
    ];

    private protected override GeneratedSeries Generate(CounterRandom random, IReadOnlyDictionary<string, double> values)
    {
        var rows = (int)values["rows"];
        var points = new double[rows];
        var point = values["start"];
        for (var row = 0; row < rows; row++)
        {
            points[row] = Math.Round(point, Decimals, MidpointRounding.AwayFromZero);
            point += values["drift"] + (values["step"] * NextNormal(random));
        }

        var frequency = new Frequency(FrequencyUnit.Day);
        var series = new TimeSeries(Name, frequency, Timestamps(frequency, FirstDay, rows), points);
        return new GeneratedSeries(series, "date", "value", Decimals);
    }
}
