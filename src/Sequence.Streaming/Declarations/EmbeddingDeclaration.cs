using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A table of token vectors: y = W[u] for the token index u, with W [vocabulary, features]. The index arrives as a number
/// that is whole.
/// </summary>
/// <remarks>Starts as in PyTorch: Gaussian of variance 1.</remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Vocabulary">Number of distinct tokens; at least 1.</param>
/// <param name="Features">Length of y; at least 1.</param>
public sealed record EmbeddingDeclaration(string Prefix, int Vocabulary, int Features) : LayerDeclaration(Prefix)
{
    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => 1;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights =>
    [
        new WeightDeclaration(
            WeightName("weight"),
            WeightRole.Input,
            Initialisation.Gaussian(1),
            [new UnitAxis($"{Prefix}.token", Vocabulary), new UnitAxis($"{Prefix}.feature", Features)]),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Vocabulary < 1)
        {
            faults.Add($"'{Prefix}': vocabulary is {Vocabulary}; it must be at least 1.");
        }

        if (Features < 1)
        {
            faults.Add($"'{Prefix}': features is {Features}; it must be at least 1.");
        }

        return faults;
    }

    /// <summary>The row of the table that a number names.</summary>
    /// <exception cref="ModelException">The number is not whole, or no token has it.</exception>
    public int Token(float number) => number >= 0 && number < Vocabulary && number == MathF.Floor(number)
        ? (int)number
        : throw new ModelException(
            $"{number} is not a token of '{Prefix}': a token is a whole number in [0, {Vocabulary}). Encode the text with the " +
            "vocabulary that the model was trained with.");
}
