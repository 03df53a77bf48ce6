using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// ResNLS (Jia, Anaissi and Suleiman, "ResNLS: An Improved Model for Stock Price Forecasting", 2023): a residual
/// convolution block r over the window x extracts the dependencies between adjacent prices; x + r is fed, one row at a
/// time, to an LSTM from a zero state; a linear head maps its last output to the forecasts.
/// </summary>
/// <remarks>
/// The released code computes x + r and then feeds the LSTM the raw x, which leaves the convolution branch without any
/// effect, and its loss broadcasts [batch, 1] against [batch]. This follows the paper's text instead.
/// </remarks>
public sealed record ResNlsArchitecture : Architecture
{
    internal const string Kind = "resnls";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public ResNlsArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal ResNlsArchitecture(JsonFields fields)
        : base(fields)
    {
        Filters = fields.WholeNumber(nameof(Filters), Filters);
        Kernel = fields.WholeNumber(nameof(Kernel), Kernel);
        Hidden = fields.WholeNumber(nameof(Hidden), Hidden);
        Dropout = fields.Number(nameof(Dropout), Dropout);
    }

    /// <summary>Channels of both convolutions.</summary>
    public int Filters { get; init; } = 64;

    /// <summary>Taps of both convolutions; odd.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Units of the LSTM.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Share of channels dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The residual branch; outputs [look-back * features], row-major.</summary>
    [JsonIgnore]
    public ConvolutionBlock Block => new("cnn", LookBack, Features, Filters, Kernel, LookBack * Features);

    /// <summary>The LSTM.</summary>
    [JsonIgnore]
    public RecurrentDeclaration Recurrence => new("lstm", RecurrentCell.Lstm, Features, Hidden);

    /// <summary>The head.</summary>
    [JsonIgnore]
    public LinearDeclaration Head => new("linear", Hidden, Horizon);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => [.. Block.Layers, Recurrence, Head];

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        Block.AddFaults(faults);
        AtLeast(faults, "hidden", Hidden, 1);
        if (Dropout is not (>= 0 and < 1))
        {
            faults.Add($"dropout is {Dropout}; it must be in [0, 1).");
        }
    }
}
