namespace Sequence.Cli.Backtests;

/// <summary>What is wrong in a configuration file, collected while it is read, and the keys it could have.</summary>
internal sealed class ConfigFaults
{
    private readonly List<string> _faults = [];

    /// <summary>Path of every key that was asked for, without positions in lists.</summary>
    public SortedSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that take a number.</summary>
    public SortedSet<string> Numbers { get; } = new(StringComparer.Ordinal);

    public int Count => _faults.Count;

    public void Add(string fault) => _faults.Add(fault);

    /// <summary>Throws when there is at least one fault.</summary>
    /// <exception cref="ConfigurationException">Lists them all.</exception>
    public void ThrowIfAny(string file) =>
        ConfigurationException.ThrowIfAny([.. _faults.Distinct(StringComparer.Ordinal).Select(fault => $"{file}: {fault}")]);
}
