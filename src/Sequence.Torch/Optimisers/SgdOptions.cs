namespace Sequence.Torch;

/// <summary>The settings of <see cref="Sgd"/>.</summary>
public sealed record SgdOptions
{
    /// <summary>The default of <see cref="LearningRate"/>.</summary>
    public const double DefaultLearningRate = 1e-2;

    /// <summary>The step size γ.</summary>
    /// <value>At least 0; 0.01 by default.</value>
    public double LearningRate { get; init; } = DefaultLearningRate;

    /// <summary>μ, how much of the last direction a step keeps.</summary>
    /// <value>In [0, 1); 0 by default.</value>
    public double Momentum { get; init; }

    /// <summary>Looks ahead along the momentum (Sutskever et al. 2013). Needs momentum above 0.</summary>
    /// <value>False by default.</value>
    public bool Nesterov { get; init; }

    internal List<string> Faults()
    {
        List<string> faults = [];
        if (Momentum is not (>= 0 and < 1))
        {
            faults.Add($"Momentum is {Momentum}; a number in [0, 1) is needed.");
        }

        if (Nesterov && Momentum == 0)
        {
            faults.Add("Nesterov needs a momentum above 0.");
        }

        return faults;
    }
}
