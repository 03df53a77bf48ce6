namespace Sequence.Benchmarks.Training;

/// <summary>Mean and sample standard deviation (divisor n - 1) of repeated runs.</summary>
internal sealed record Spread(double Mean, double Deviation)
{
    public static Spread Of(IEnumerable<double> runs)
    {
        var values = runs.ToArray();
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }

    public static double Median(IEnumerable<double> runs)
    {
        var values = runs.Order().ToArray();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    public override string ToString() => $"{Mean:F4} +- {Deviation:F4}";
}
