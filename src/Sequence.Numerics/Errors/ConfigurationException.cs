namespace Sequence;

/// <summary>Options that cannot be used. Lists every fault at once, so that one run shows all there is to mend.</summary>
public sealed class ConfigurationException : SequenceException
{
    /// <summary>Creates the exception from a single fault.</summary>
    public ConfigurationException(string fault)
        : this([fault])
    {
    }

    /// <summary>Creates the exception from all faults found; the message holds one a line.</summary>
    public ConfigurationException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults))
    {
        Faults = faults;
    }

    /// <summary>Every fault, in the order found. Each names its option and says what would be accepted.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>Throws when there is at least one fault.</summary>
    public static void ThrowIfAny(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }
    }
}
