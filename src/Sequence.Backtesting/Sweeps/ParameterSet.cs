using System.Globalization;

namespace Sequence.Backtesting;

/// <summary>The values of a strategy's parameters in one trial.</summary>
public sealed class ParameterSet
{
    private readonly string[] _names;
    private readonly double[] _values;

    /// <summary>Creates a set.</summary>
    /// <param name="names">Names, each once.</param>
    /// <param name="values">A finite value for each.</param>
    /// <exception cref="ConfigurationException">Lists every fault: a name twice, a value missing or not finite.</exception>
    public ParameterSet(IReadOnlyList<string> names, IReadOnlyList<double> values)
        : this([.. names], [.. values])
    {
        var faults = ParameterCheck.NameFaults(names);
        if (names.Count != values.Count)
        {
            faults.Add($"{names.Count} parameters have {values.Count} values; give one for each.");
        }

        faults.AddRange(names.Zip(values).Where(pair => !double.IsFinite(pair.Second)).Select(
            pair => $"The parameter '{pair.First}' is {pair.Second}; give a finite number."));
        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>Takes arrays that are known to fit; the names are shared between the sets of a sweep.</summary>
    internal ParameterSet(string[] names, double[] values)
    {
        _names = names;
        _values = values;
    }

    /// <summary>Names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Values, in the order of the names.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="ConfigurationException">There is none of this name.</exception>
    public double this[string name]
    {
        get
        {
            var index = Array.IndexOf(_names, name);
            return index >= 0
                ? _values[index]
                : throw new ConfigurationException($"There is no parameter '{name}'; there are {string.Join(", ", _names)}.");
        }
    }

    /// <summary>The value of a parameter that is a whole number.</summary>
    /// <exception cref="ConfigurationException">There is none of this name, or its value is no whole number.</exception>
    public int Integer(string name)
    {
        var value = this[name];
        return value == Math.Round(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw new ConfigurationException($"The parameter '{name}' is {value}, but a whole number is needed.");
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(
        ", ", _names.Zip(_values, (name, value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value}")));
}
