using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>A 1-D convolutional network: the convolution block of ResNLS with the forecasts as its outputs.</summary>
public sealed record ConvolutionArchitecture : Architecture
{
    internal const string Kind = "convolution";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public ConvolutionArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal ConvolutionArchitecture(JsonFields fields)
        : base(fields)
    {
        Filters = fields.WholeNumber(nameof(Filters), Filters);
        Kernel = fields.WholeNumber(nameof(Kernel), Kernel);
        Dropout = fields.Number(nameof(Dropout), Dropout);
    }

    /// <summary>Channels of both convolutions.</summary>
    public int Filters { get; init; } = 64;

    /// <summary>Taps of both convolutions; odd.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Share of channels dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The block.</summary>
    [JsonIgnore]
    public ConvolutionBlock Block => new("cnn", LookBack, Features, Filters, Kernel, Horizon);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => Block.Layers;

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        Block.AddFaults(faults);
        if (Dropout is not (>= 0 and < 1))
        {
            faults.Add($"dropout is {Dropout}; it must be in [0, 1).");
        }
    }
}
