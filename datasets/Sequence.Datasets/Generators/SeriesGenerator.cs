using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// Makes a series from a seed. Only additions, multiplications, divisions and square roots are used, which IEEE 754
/// rounds the same way everywhere, so a seed gives the same bytes on every machine.
/// </summary>
public abstract class SeriesGenerator
{
    private const double LargestValue = 1e12;

    private protected static readonly GeneratorParameter Rows =
        new("rows", "number of rows", 1500, 1, 1_000_000, IsWhole: true);

    private protected SeriesGenerator()
    {
    }

    /// <summary>Name in kebab case, unique in the catalogue.</summary>
    public abstract string Name { get; }

    /// <summary>What it makes, in one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>The numbers it can be given.</summary>
    public abstract IReadOnlyList<GeneratorParameter> Parameters { get; }

    /// <summary>Makes the series.</summary>
    /// <param name="seed">Seed; equal seeds and values give equal series.</param>
    /// <param name="values">By parameter name; those left out take their default.</param>
    /// <exception cref="ConfigurationException">A name is unknown or a value is refused; lists every fault.</exception>
    public GeneratedSeries Generate(ulong seed, IReadOnlyDictionary<string, double>? values = null)
    {
        var resolved = Resolve(values);
        var series = Generate(new CounterRandom(seed), resolved);
        foreach (var value in series.Series.Values.Span)
        {
            if (!(Math.Abs(value) <= LargestValue))
            {
                throw new ConfigurationException(
                    $"{Name}: with these parameters the series leaves [-1e12, 1e12]. Give fewer rows or a smaller drift.");
            }
        }

        return series;
    }

    private protected abstract GeneratedSeries Generate(CounterRandom random, IReadOnlyDictionary<string, double> values);

    /// <summary>Faults of the values taken together.</summary>
    private protected virtual IEnumerable<string> Faults(IReadOnlyDictionary<string, double> values) => [];

    /// <summary>
    /// Normal to good approximation: the sum of twelve uniforms less six (mean 0, variance 1, excess kurtosis -0.1). Unlike
    /// the exact transforms it needs no logarithm or sine, whose last digit differs between platforms.
    /// </summary>
    private protected static double NextNormal(CounterRandom random)
    {
        var sum = -6.0;
        for (var term = 0; term < 12; term++)
        {
            sum += random.NextDouble();
        }

        return sum;
    }

    private protected static DateTimeOffset[] Timestamps(Frequency frequency, DateTimeOffset first, int rows)
    {
        var timestamps = new DateTimeOffset[rows];
        var months = frequency.Unit == FrequencyUnit.Month;
        for (var row = 0; row < rows; row++)
        {
            timestamps[row] = row == 0 ? first
                : months ? frequency.Add(first, row)
                : frequency.Add(timestamps[row - 1], 1);
        }

        return timestamps;
    }

    private Dictionary<string, double> Resolve(IReadOnlyDictionary<string, double>? values)
    {
        values ??= new Dictionary<string, double>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var name in values.Keys)
        {
            if (!Parameters.Any(parameter => string.Equals(parameter.Name, name, StringComparison.Ordinal)))
            {
                faults.Add($"{Name} has no parameter '{name}'; it has {string.Join(", ", Parameters.Select(p => p.Name))}.");
            }
        }

        var resolved = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            var value = values.TryGetValue(parameter.Name, out var given) ? given : parameter.Default;
            resolved[parameter.Name] = value;
            if (!(value >= parameter.Minimum && value <= parameter.Maximum))
            {
                faults.Add($"{parameter.Name} is {value}; give a number from {parameter.Minimum} to {parameter.Maximum}.");
            }
            else if (parameter.IsWhole && value != Math.Floor(value))
            {
                faults.Add($"{parameter.Name} is {value}; give a whole number.");
            }
        }

        if (faults.Count == 0)
        {
            faults.AddRange(Faults(resolved));
        }

        ConfigurationException.ThrowIfAny(faults);
        return resolved;
    }
}
