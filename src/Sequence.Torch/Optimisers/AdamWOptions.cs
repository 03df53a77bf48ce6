namespace Sequence.Torch;

/// <summary>The settings of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>The default of <see cref="LearningRate"/>.</summary>
    public const double DefaultLearningRate = 1e-3;

    /// <summary>The default of <see cref="FirstMomentDecay"/>.</summary>
    public const double DefaultFirstMomentDecay = 0.9;

    /// <summary>The default of <see cref="SecondMomentDecay"/>.</summary>
    public const double DefaultSecondMomentDecay = 0.999;

    /// <summary>The default of <see cref="Epsilon"/>.</summary>
    public const double DefaultEpsilon = 1e-8;

    /// <summary>The step size γ.</summary>
    /// <value>At least 0; 0.001 by default.</value>
    public double LearningRate { get; init; } = DefaultLearningRate;

    /// <summary>β₁, how much of the mean of gradients a step keeps.</summary>
    /// <value>In [0, 1); 0.9 by default.</value>
    public double FirstMomentDecay { get; init; } = DefaultFirstMomentDecay;

    /// <summary>β₂, how much of the mean of squared gradients a step keeps.</summary>
    /// <value>In [0, 1); 0.999 by default.</value>
    public double SecondMomentDecay { get; init; } = DefaultSecondMomentDecay;

    /// <summary>ε, added to the root of the second moment.</summary>
    /// <value>Above 0; 1e-8 by default.</value>
    public double Epsilon { get; init; } = DefaultEpsilon;

    internal List<string> Faults()
    {
        List<string> faults = [];
        if (FirstMomentDecay is not (>= 0 and < 1))
        {
            faults.Add($"FirstMomentDecay is {FirstMomentDecay}; a number in [0, 1) is needed.");
        }

        if (SecondMomentDecay is not (>= 0 and < 1))
        {
            faults.Add($"SecondMomentDecay is {SecondMomentDecay}; a number in [0, 1) is needed.");
        }

        if (!double.IsFinite(Epsilon) || Epsilon <= 0)
        {
            faults.Add($"Epsilon is {Epsilon}; a finite number above 0 is needed.");
        }

        return faults;
    }
}
