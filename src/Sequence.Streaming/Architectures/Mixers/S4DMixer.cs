using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>S4D with its GELU, linear map and gated linear unit (<see cref="S4DDeclaration"/>).</summary>
public sealed record S4DMixer : StateSpaceMixer
{
    internal const string Kind = "s4d";

    /// <summary>A mixer whose options are set one by one.</summary>
    public S4DMixer()
    {
    }

    internal S4DMixer(JsonFields fields)
        : base(fields)
    {
        StateSize = fields.WholeNumber(nameof(StateSize), StateSize);
        Initialisation = fields.Choice(nameof(Initialisation), Initialisation);
        Discretisation = fields.Choice(nameof(Discretisation), Discretisation);
        Bidirectional = fields.Flag(nameof(Bidirectional), Bidirectional);
        Untied = fields.Flag(nameof(Untied), Untied);
        StepSizeTransform = fields.Choice(nameof(StepSizeTransform), StepSizeTransform);
    }

    /// <summary>State size N of each feature.</summary>
    /// <value>Default 64.</value>
    public int StateSize { get; init; } = 64;

    /// <summary>Where the eigenvalues start.</summary>
    /// <value>Default Lin.</value>
    public S4DInitialisation Initialisation { get; init; }

    /// <summary>How the continuous system becomes a discrete one.</summary>
    /// <value>Default zero-order hold.</value>
    public DiagonalDiscretisation Discretisation { get; init; }

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
            new S4DDeclaration(StateSpaceBlockDeclaration.CorePrefix(prefix), features, StateSize)
            {
                Initialisation = Initialisation,
                Discretisation = Discretisation,
                Bidirectional = Bidirectional,
                Copies = Untied ? features : 1,
                StepSizeTransform = StepSizeTransform,
                MinimumStepSize = MinimumStepSize,
                MaximumStepSize = MaximumStepSize,
                Rate = Rate,
            },
            Dropout: dropout);
}
