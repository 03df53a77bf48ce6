namespace Sequence.Streaming;

/// <summary>
/// The convolution block of ResNLS over a window [look-back, features]: convolution, ReLU, batch normalisation, dropout,
/// convolution, ReLU, batch normalisation, then a linear map of everything to the outputs. The flattened order is
/// channel-major, as in PyTorch.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="LookBack">Rows of the window.</param>
/// <param name="Features">Inputs in each row.</param>
/// <param name="Filters">Channels of both convolutions.</param>
/// <param name="Kernel">Taps of both convolutions; odd.</param>
/// <param name="Outputs">Length of the output.</param>
public sealed record ConvolutionBlock(
    string Prefix, int LookBack, int Features, int Filters, int Kernel, int Outputs)
{
    /// <summary>First convolution.</summary>
    public ConvolutionDeclaration First => new($"{Prefix}.0", 1, Features, Filters, Kernel, ConvolutionPadding.Same);

    /// <summary>Normalisation after the first convolution and its ReLU.</summary>
    public BatchNormalisationDeclaration FirstNormalisation => new($"{Prefix}.2", Filters);

    /// <summary>Second convolution.</summary>
    public ConvolutionDeclaration Second => new($"{Prefix}.4", 1, Filters, Filters, Kernel, ConvolutionPadding.Same);

    /// <summary>Normalisation after the second convolution and its ReLU.</summary>
    public BatchNormalisationDeclaration SecondNormalisation => new($"{Prefix}.6", Filters);

    /// <summary>Linear map of the flattened channels.</summary>
    public LinearDeclaration Projection => new($"{Prefix}.8", LookBack * Filters, Outputs);

    /// <summary>The layers in the order the data passes them.</summary>
    public IReadOnlyList<LayerDeclaration> Layers =>
        [First, FirstNormalisation, Second, SecondNormalisation, Projection];

    /// <summary>Adds what is wrong with the sizes.</summary>
    internal void AddFaults(IList<string> faults)
    {
        if (Filters < 1)
        {
            faults.Add($"filters is {Filters}; it must be at least 1.");
        }

        if (Kernel < 1 || Kernel % 2 == 0)
        {
            faults.Add($"kernel is {Kernel}; it must be odd and at least 1.");
        }
    }
}
