using Sequence.Torch;

namespace Sequence.LongRangeArena;

/// <summary>What is run, and how.</summary>
public sealed record ArenaRunOptions
{
    /// <summary>The task.</summary>
    public required ArenaTask Task { get; init; }

    /// <summary>The model.</summary>
    public required ArenaModel Model { get; init; }

    /// <summary>How large.</summary>
    /// <value>Default small.</value>
    public ArenaPreset Preset { get; init; }

    /// <summary>Seed of the initial weights, the order of the batches and dropout; the data has a seed of its own.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the training examples; null for the preset's.</summary>
    public int? Epochs { get; init; }

    /// <summary>Longest time of training; null for no limit.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Where the model is computed.</summary>
    /// <value>Default the CPU.</value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>How often the state of the training is saved.</summary>
    /// <value>Default a minute.</value>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether to go on from what an earlier run left; where there is nothing, the run begins.</summary>
    public bool Resume { get; init; }
}
