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

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new StateSpaceBlockDeclaration(
            prefix,
            new S4DDeclaration(StateSpaceBlockDeclaration.CorePrefix(prefix), features, StateSize)
            {
                Initialisation = Initialisation,
                Discretisation = Discretisation,
                Bidirectional = Bidirectional,
                MinimumStepSize = MinimumStepSize,
                MaximumStepSize = MaximumStepSize,
                Rate = Rate,
            },
            Dropout: dropout);
}
