using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>LSSL with its GELU and linear map (<see cref="LsslDeclaration"/>).</summary>
public sealed record LsslMixer : Mixer
{
    internal const string Kind = "lssl";

    /// <summary>A mixer whose options are set one by one.</summary>
    public LsslMixer()
    {
    }

    internal LsslMixer(JsonFields fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Channels = fields.WholeNumber(nameof(Channels), Channels);
        Measure = fields.Choice(nameof(Measure), Measure);
        Transition = fields.Choice(nameof(Transition), Transition);
        MinimumStepSize = fields.Number(nameof(MinimumStepSize), MinimumStepSize);
        MaximumStepSize = fields.Number(nameof(MaximumStepSize), MaximumStepSize);
        Rate = fields.Number(nameof(Rate), Rate);
    }

    /// <summary>State size N of each feature.</summary>
    /// <value>Default 64.</value>
    public int StateSize { get; init; } = 64;

    /// <summary>Outputs of each feature before they are mixed.</summary>
    /// <value>Default 1.</value>
    public int Channels { get; init; } = 1;

    /// <summary>The HiPPO matrix it starts from.</summary>
    /// <value>Default LegS.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<HippoMeasure>))]
    public HippoMeasure Measure { get; init; }

    /// <summary>Whether the state matrix is trained, and one for all features or one for each.</summary>
    /// <value>Default fixed.</value>
    public LsslTransition Transition { get; init; }

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
        new StateSpaceBlockDeclaration(
            prefix,
            new LsslDeclaration(StateSpaceBlockDeclaration.CorePrefix(prefix), features, StateSize)
            {
                Channels = Channels,
                Measure = Measure,
                Transition = Transition,
                MinimumStepSize = MinimumStepSize,
                MaximumStepSize = MaximumStepSize,
                Rate = Rate,
            },
            Gated: false,
            Dropout: dropout);
}
