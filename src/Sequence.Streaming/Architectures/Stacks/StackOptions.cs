using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>A stack of residual blocks, apart from what goes in and comes out: how deep, how wide, and which mixer.</summary>
public sealed record StackOptions
{
    /// <summary>Options that are set one by one.</summary>
    public StackOptions()
    {
    }

    [SetsRequiredMembers]
    internal StackOptions(JsonFields fields)
    {
        Mixer = Mixer.FromJson(fields.Required(nameof(Mixer)), $"{fields.Place}.{nameof(Mixer)}");
        Features = fields.WholeNumber(nameof(Features), Features);
        Depth = fields.WholeNumber(nameof(Depth), Depth);
        Normalisation = fields.Choice(nameof(Normalisation), Normalisation);
        NormalisedBefore = fields.Flag(nameof(NormalisedBefore), NormalisedBefore);
        Dropout = fields.Number(nameof(Dropout), Dropout);
        Pooling = fields.Choice(nameof(Pooling), Pooling);
        Vocabulary = fields.WholeNumber(nameof(Vocabulary), Vocabulary);
        FeedForward = fields.WholeNumber(nameof(FeedForward), FeedForward);
        Positions = fields.Choice(nameof(Positions), Positions);
    }

    /// <summary>What mixes over time in every block.</summary>
    public required Mixer Mixer { get; init; }

    /// <summary>Features of every block (the model size).</summary>
    /// <value>Default 64.</value>
    public int Features { get; init; } = 64;

    /// <summary>Number of blocks.</summary>
    /// <value>Default 4.</value>
    public int Depth { get; init; } = 4;

    /// <summary>How a block normalises its features.</summary>
    /// <value>Default layer normalisation.</value>
    public Normalisation Normalisation { get; init; } = Normalisation.Layer;

    /// <summary>Whether a block normalises before its mixer ("pre-norm") or after its sum ("post-norm").</summary>
    /// <value>Default before.</value>
    public bool NormalisedBefore { get; init; } = true;

    /// <summary>Share of features dropped in training, each for the whole sequence; in [0, 1).</summary>
    /// <value>Default 0.</value>
    public double Dropout { get; init; }

    /// <summary>How the outputs of all times become one.</summary>
    /// <value>Default the last.</value>
    public Pooling Pooling { get; init; } = Pooling.Last;

    /// <summary>
    /// Number of distinct tokens: the input at each time is then one token index, which a table turns into features. 0 where
    /// inputs are numbers.
    /// </summary>
    /// <value>Default 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Vocabulary { get; init; }

    /// <summary>
    /// Hidden size of a feed-forward layer (<see cref="FeedForwardDeclaration"/>) in a residual block of its own after every
    /// mixer's, as in a Transformer; 0 leaves it out.
    /// </summary>
    /// <value>Default 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FeedForward { get; init; }

    /// <summary>What is added to the encoded inputs to tell positions apart.</summary>
    /// <value>Default nothing.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PositionEncoding Positions { get; init; }

    /// <summary>The layers of a stack over these inputs.</summary>
    /// <param name="prefix">What the names of its weights start with.</param>
    /// <param name="inputs">Inputs at each time.</param>
    /// <param name="length">Longest sequence it is trained on.</param>
    public StackDeclaration Declare(string prefix, int inputs, int length) => new(
        prefix,
        inputs,
        [.. Enumerable.Range(0, Depth).SelectMany(index => Blocks($"{prefix}.blocks.{index}", length))])
    {
        Positions = Positions,
        Vocabulary = Vocabulary,
    };

    /// <summary>Checks every size.</summary>
    /// <exception cref="ConfigurationException">Lists each option out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        AddFaults(faults);
        ConfigurationException.ThrowIfAny(faults);
    }

    private IEnumerable<ResidualBlockDeclaration> Blocks(string block, int length)
    {
        ResidualBlockDeclaration Around(string name, LayerDeclaration inner) =>
            new(name, inner, Normalisation, NormalisedBefore, Dropout);

        yield return Around(block, Mixer.Declare($"{block}.mixer", Features, length, Dropout));
        if (FeedForward > 0)
        {
            var second = $"{block}.feed_forward";
            yield return Around(second, new FeedForwardDeclaration(second, Features, FeedForward, Dropout));
        }
    }

    internal void AddFaults(IList<string> faults)
    {
        if (Features < 1)
        {
            faults.Add($"features of the stack is {Features}; it must be at least 1.");
        }

        if (Depth < 1)
        {
            faults.Add($"depth is {Depth}; it must be at least 1.");
        }

        if (Vocabulary < 0)
        {
            faults.Add($"vocabulary is {Vocabulary}; it must be at least 1 for tokens, or 0 for numbers.");
        }

        if (Dropout is not (>= 0 and < 1))
        {
            faults.Add($"dropout is {Dropout}; it must be in [0, 1).");
        }

        if (FeedForward < 0)
        {
            faults.Add($"feed-forward is {FeedForward}; it must be at least 1, or 0 to leave it out.");
        }

        if (Features >= 1)
        {
            foreach (var fault in Mixer.Declare("mixer", Features, length: 1, Dropout).Faults())
            {
                faults.Add(fault);
            }
        }
    }
}
