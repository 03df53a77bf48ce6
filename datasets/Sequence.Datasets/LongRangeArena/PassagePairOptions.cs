namespace Sequence.Datasets;

/// <summary>How many pairs of passages are made, and how long passages are.</summary>
public sealed record PassagePairOptions
{
    /// <summary>Bytes of every passage. 16 to 1,000,000.</summary>
    public int PassageLength { get; init; } = 256;

    /// <summary>Pairs of the training part.</summary>
    public int TrainCount { get; init; } = 20_000;

    /// <summary>Pairs of the validation part.</summary>
    public int ValidationCount { get; init; } = 2_000;

    /// <summary>Pairs of the test part.</summary>
    public int TestCount { get; init; } = 2_000;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">One or more cannot be used; lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        RequireRange(nameof(PassageLength), PassageLength, 16, 1_000_000);
        RequireRange(nameof(TrainCount), TrainCount, 1, 100_000_000);
        RequireRange(nameof(ValidationCount), ValidationCount, 1, 100_000_000);
        RequireRange(nameof(TestCount), TestCount, 1, 100_000_000);
        ConfigurationException.ThrowIfAny(faults);

        void RequireRange(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}; give a whole number from {least} to {most}.");
            }
        }
    }
}
