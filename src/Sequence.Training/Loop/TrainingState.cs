using Sequence.Torch;

namespace Sequence.Training;

/// <summary>
/// Everything a training needs to go on as if it had never stopped: continuing from it gives the same weights to the bit.
/// </summary>
public sealed record TrainingState
{
    /// <summary>SHA-256 over options, architecture and data; a run with another one may not continue from this state.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Epoch under way, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Examples of that epoch already used.</summary>
    public required int ExamplesDone { get; init; }

    /// <summary>Sum of their losses.</summary>
    public required double LossSum { get; init; }

    /// <summary>Best validation loss so far; null without a validation slice.</summary>
    public required double? BestLoss { get; init; }

    /// <summary>Best validation accuracy so far; null without one.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>Time trained before, over all runs.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Epoch of the best weights, counted from 1; 0 while they are the starting ones.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Finished epochs.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <summary>Current weights by name.</summary>
    public required IReadOnlyDictionary<string, float[]> Weights { get; init; }

    /// <summary>Best weights by name; empty without a validation slice.</summary>
    public required IReadOnlyDictionary<string, float[]> BestWeights { get; init; }

    /// <summary>The optimiser's moments and step count.</summary>
    public required OptimiserState Optimiser { get; init; }
}
