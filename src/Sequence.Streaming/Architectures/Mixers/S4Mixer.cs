using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>S4 with its GELU, linear map and gated linear unit (<see cref="S4Declaration"/>).</summary>
public sealed record S4Mixer : StateSpaceMixer
{
    internal const string Kind = "s4";

    /// <summary>A mixer whose options are set one by one.</summary>
    public S4Mixer()
    {
    }

    internal S4Mixer(JsonFields fields)
        : base(fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Measure = fields.Choice(nameof(Measure), Measure);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
        Untied = fields.Flag(nameof(Untied), Untied);
        StepSizeTransform = fields.Choice(nameof(StepSizeTransform), StepSizeTransform);
    }

    /// <summary>State size N of each feature.</summary>
    /// <value>Default 64.</value>
    public int StateSize { get; init; } = 64;

    /// <summary>The HiPPO matrix it starts from.</summary>
    /// <value>Default LegS.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<HippoMeasure>))]
    public HippoMeasure Measure { get; init; }

    /// <summary>Whether a second kernel runs backwards; there is then no step.</summary>
    /// <value>Default false.</value>
    public bool Bidirectional { get; init; }

    /// <summary>Whether every feature has a state matrix A and an input matrix B of its own.</summary>
    /// <value>Default false: all features share one of each, and differ in step size and output.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untied { get; init; }

    /// <summary>How a step size is kept as a weight.</summary>
    /// <value>Default exp.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(JsonStringEnumConverter<StepSizeTransform>))]
    public StepSizeTransform StepSizeTransform { get; init; }

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new StateSpaceBlockDeclaration(
            prefix,
            new S4Declaration(StateSpaceBlockDeclaration.CorePrefix(prefix), features, StateSize, length)
            {
                Measure = Measure,
                Bidirectional = Bidirectional,
                Copies = Untied ? features : 1,
                StepSizeTransform = StepSizeTransform,
                MinimumStepSize = MinimumStepSize,
                MaximumStepSize = MaximumStepSize,
                Rate = Rate,
            },
            Dropout: dropout);
}
