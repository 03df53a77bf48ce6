using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The selective state space with its convolution and gate (<see cref="SelectiveDeclaration"/>).</summary>
public sealed record SelectiveMixer : Mixer
{
    internal const string Kind = "selective";

    /// <summary>A mixer whose options are set one by one.</summary>
    public SelectiveMixer()
    {
    }

    internal SelectiveMixer(JsonFields fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Expansion = fields.WholeNumber(nameof(Expansion), Expansion);
        ConvolutionKernel = fields.WholeNumber(nameof(ConvolutionKernel), ConvolutionKernel);
        MinimumStepSize = fields.Number(nameof(MinimumStepSize), MinimumStepSize);
        MaximumStepSize = fields.Number(nameof(MaximumStepSize), MaximumStepSize);
        Rate = fields.Number(nameof(Rate), Rate);
    }

    /// <summary>State size N of each feature.</summary>
    /// <value>Default 16.</value>
    public int StateSize { get; init; } = 16;

    /// <summary>Inner features for each feature.</summary>
    /// <value>Default 2.</value>
    public int Expansion { get; init; } = 2;

    /// <summary>Taps of the convolution.</summary>
    /// <value>Default 4.</value>
    public int ConvolutionKernel { get; init; } = 4;

    /// <summary>Least step size at the start.</summary>
    /// <value>Default 0.001.</value>
    public double MinimumStepSize { get; init; } = 0.001;

    /// <summary>Greatest step size at the start.</summary>
    /// <value>Default 0.1.</value>
    public double MaximumStepSize { get; init; } = 0.1;

    /// <summary>Sampling interval relative to the training's: 2 when every second row is left out.</summary>
    /// <value>Default 1.</value>
    public double Rate { get; init; } = 1;

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new SelectiveDeclaration(prefix, features, StateSize)
        {
            Expansion = Expansion,
            ConvolutionKernel = ConvolutionKernel,
            MinimumStepSize = MinimumStepSize,
            MaximumStepSize = MaximumStepSize,
            Rate = Rate,
        };
}
