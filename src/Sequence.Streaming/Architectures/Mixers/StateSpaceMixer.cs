using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>What the mixers of continuous systems share: the range their step sizes start in, and the sampling rate.</summary>
public abstract record StateSpaceMixer : Mixer
{
    private protected StateSpaceMixer()
    {
    }

    private protected StateSpaceMixer(JsonFields fields)
    {
        MinimumStepSize = fields.Number(nameof(MinimumStepSize), MinimumStepSize);
        MaximumStepSize = fields.Number(nameof(MaximumStepSize), MaximumStepSize);
        Rate = fields.Number(nameof(Rate), Rate);
    }

    /// <summary>Least step size at the start.</summary>
    /// <value>Default 0.001.</value>
    public double MinimumStepSize { get; init; } = 0.001;

    /// <summary>Greatest step size at the start.</summary>
    /// <value>Default 0.1.</value>
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>Sampling interval relative to the training's: 2 when every second row is left out.</summary>
    /// <value>Default 1.</value>
    public double Rate { get; init; } = 1;
}
