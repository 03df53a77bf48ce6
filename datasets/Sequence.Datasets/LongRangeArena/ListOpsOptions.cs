namespace Sequence.Datasets;

/// <summary>
/// What trees ListOps is made of, which of them are kept and how many. The defaults are those of Long Range Arena (Tay et al.,
/// 2021).
/// </summary>
public sealed record ListOpsOptions
{
    /// <summary>Deepest level of a tree, the root being level 1; a node there is always a digit. 2 to 100.</summary>
    public int MaximumDepth { get; init; } = 10;

    /// <summary>Most arguments of an operator; the number is uniform from 2 to this. 2 to 1000.</summary>
    public int MaximumArguments { get; init; } = 10;

    /// <summary>Probability that a node above the deepest level is a digit. 0 to 1, 1 excluded.</summary>
    public double ValueProbability { get; init; } = 0.75;

    /// <summary>A sequence is kept when it has more tokens than this ...</summary>
    public int ExclusiveMinimumLength { get; init; } = 500;

    /// <summary>... and fewer than this. Tokens are digits, operators and closing brackets.</summary>
    public int ExclusiveMaximumLength { get; init; } = 2000;

    /// <summary>Sequences of the training part.</summary>
    public int TrainCount { get; init; } = 96_000;

    /// <summary>Sequences of the validation part.</summary>
    public int ValidationCount { get; init; } = 2_000;

    /// <summary>Sequences of the test part.</summary>
    public int TestCount { get; init; } = 2_000;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">One or more cannot be used; lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        RequireRange(nameof(MaximumDepth), MaximumDepth, 2, 100);
        RequireRange(nameof(MaximumArguments), MaximumArguments, 2, 1000);
        if (!(ValueProbability is >= 0 and < 1))
        {
            faults.Add($"{nameof(ValueProbability)} is {ValueProbability}; give a number from 0 to below 1.");
        }

        RequireRange(nameof(ExclusiveMinimumLength), ExclusiveMinimumLength, 0, 1_000_000);
        RequireRange(nameof(ExclusiveMaximumLength), ExclusiveMaximumLength, 0, 1_000_000);
        if ((long)ExclusiveMaximumLength - ExclusiveMinimumLength < 2)
        {
            faults.Add(
                $"No length lies between {nameof(ExclusiveMinimumLength)} {ExclusiveMinimumLength} and " +
                $"{nameof(ExclusiveMaximumLength)} {ExclusiveMaximumLength}; both are excluded.");
        }

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
