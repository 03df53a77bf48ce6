using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// DLinear (Zeng et al., "Are Transformers Effective for Time Series Forecasting?", 2023): the window is split into a
/// moving average t (its ends padded by repeating the first and last value) and the remainder s = x - t;
/// y = W_s s + b_s + W_t t + b_t, both maps [horizon, look-back] and shared by all series.
/// </summary>
public sealed record DLinearArchitecture : Architecture
{
    internal const string Kind = "dlinear";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public DLinearArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal DLinearArchitecture(JsonFields fields)
        : base(fields)
    {
        Kernel = fields.WholeNumber(nameof(Kernel), Kernel);
    }

    /// <summary>Length of the moving average; odd.</summary>
    public int Kernel { get; init; } = 25;

    /// <summary>The map of the remainder.</summary>
    [JsonIgnore]
    public LinearDeclaration Seasonal => new("Linear_Seasonal", LookBack, Horizon);

    /// <summary>The map of the moving average.</summary>
    [JsonIgnore]
    public LinearDeclaration Trend => new("Linear_Trend", LookBack, Horizon);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => [Seasonal, Trend];

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LinearDeclaration> OutputMaps => [Seasonal, Trend];

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        if (Features != 1)
        {
            faults.Add($"features is {Features}; DLinear takes each series by itself, so it must be 1.");
        }

        if (Kernel < 1 || Kernel % 2 == 0)
        {
            faults.Add($"kernel is {Kernel}; it must be odd and at least 1.");
        }
    }
}
