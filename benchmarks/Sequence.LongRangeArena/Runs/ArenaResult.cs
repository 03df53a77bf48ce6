namespace Sequence.LongRangeArena;

/// <summary>What a finished run reached; the content of its result.json.</summary>
/// <param name="Identity">What was run.</param>
/// <param name="Accuracy">Share of the test examples whose class was found, in [0, 1].</param>
/// <param name="Loss">Mean cross-entropy on them.</param>
/// <param name="ValidationAccuracy">The same share on the validation examples, by which the epoch was chosen.</param>
/// <param name="BestEpoch">The epoch of the weights, counted from 1; 0 for the starting ones.</param>
/// <param name="EpochsDone">Epochs begun.</param>
/// <param name="EndedBy">"epochs" or "time budget".</param>
/// <param name="Parameters">Number of trained parameters.</param>
/// <param name="Seconds">Time of training, the evaluations after each epoch included.</param>
/// <param name="Examples">Training, validation and test examples.</param>
/// <param name="Length">Longest sequence.</param>
/// <param name="Data">Where the data came from.</param>
/// <param name="IsOriginalData">Whether it is the data of the published results, whole.</param>
/// <param name="Hardware">On what it ran.</param>
/// <param name="Version">Of Sequence.</param>
/// <param name="Finished">When it ended, UTC.</param>
public sealed record ArenaResult(
    ArenaIdentity Identity,
    double Accuracy,
    double Loss,
    double ValidationAccuracy,
    int BestEpoch,
    int EpochsDone,
    string EndedBy,
    long Parameters,
    double Seconds,
    IReadOnlyList<int> Examples,
    int Length,
    string Data,
    bool IsOriginalData,
    string Hardware,
    string Version,
    DateTimeOffset Finished)
{
    /// <summary>Whether the result may stand beside the published ones: the paper preset to its end, on the original data.</summary>
    public bool IsComparable => Identity.Preset == ArenaPreset.Paper && IsOriginalData && EndedBy == ArenaRun.EndedByEpochs;
}
