using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// NLinear (Zeng et al., "Are Transformers Effective for Time Series Forecasting?", 2023): y = W (x - x[last]) + b +
/// x[last], one map shared by all series, W [horizon, look-back].
/// </summary>
public sealed record NLinearArchitecture : Architecture
{
    internal const string Kind = "nlinear";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    public NLinearArchitecture()
    {
    }

    [SetsRequiredMembers]
    internal NLinearArchitecture(JsonFields fields)
        : base(fields)
    {
    }

    /// <summary>The map.</summary>
    [JsonIgnore]
    public LinearDeclaration Map => new("Linear", LookBack, Horizon);

    /// <inheritdoc />
    [JsonIgnore]
    public override IReadOnlyList<LayerDeclaration> Layers => [Map];

    /// <summary>None: the last value of the window is added to the map's output.</summary>
    [JsonIgnore]
    public override IReadOnlyList<LinearDeclaration> OutputMaps => [];

    /// <inheritdoc />
    protected override void AddFaults(IList<string> faults)
    {
        if (Features != 1)
        {
            faults.Add($"features is {Features}; NLinear takes each series by itself, so it must be 1.");
        }
    }
}
