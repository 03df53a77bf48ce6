using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The selective state space with its convolution and gate (<see cref="SelectiveDeclaration"/>).</summary>
public sealed record SelectiveMixer : StateSpaceMixer
{
    internal const string Kind = "selective";

    /// <summary>A mixer whose options are set one by one.</summary>
    public SelectiveMixer()
    {
    }

    internal SelectiveMixer(JsonFields fields)
        : base(fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Expansion = fields.WholeNumber(nameof(Expansion), Expansion);
        ConvolutionKernel = fields.WholeNumber(nameof(ConvolutionKernel), ConvolutionKernel);
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
