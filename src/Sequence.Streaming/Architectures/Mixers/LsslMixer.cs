using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>LSSL with its GELU and linear map (<see cref="LsslDeclaration"/>).</summary>
public sealed record LsslMixer : StateSpaceMixer
{
    internal const string Kind = "lssl";

    /// <summary>A mixer whose options are set one by one.</summary>
    public LsslMixer()
    {
    }

    internal LsslMixer(JsonFields fields)
        : base(fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Channels = fields.WholeNumber(nameof(Channels), Channels);
        Measure = fields.Choice(nameof(Measure), Measure);
        Transition = fields.Choice(nameof(Transition), Transition);
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
