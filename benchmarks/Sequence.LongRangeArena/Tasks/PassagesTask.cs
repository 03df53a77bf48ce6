using Sequence.Datasets;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// Passages: whether two passages come from the same source (<see cref="PassagePairs"/>). A task of two towers like Retrieval
/// for when its files cannot be had; it is not one of the arena's, and no published result stands beside it.
/// </summary>
public sealed class PassagesTask : ArenaTask
{
    private const ulong DataSeed = 1;

    /// <inheritdoc />
    public override string Name => "passages";

    /// <inheritdoc />
    public override string Description => "whether two passages come from one source; our substitute for retrieval";

    /// <inheritdoc />
    public override bool IsPublished => false;

    /// <inheritdoc />
    public override int Classes => 2;

    /// <inheritdoc />
    public override int Sequences => 2;

    /// <inheritdoc />
    public override int Length => 2048;

    /// <inheritdoc />
    public override int Vocabulary => 'z' + 1;

    /// <inheritdoc />
    public override int SmallEpochs => 12;

    /// <inheritdoc />
    public override ArenaSize SmallSize => new(128, Training: 10_000, Validation: 1_000, Test: 2_000);

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var options = new PassagePairOptions { PassageLength = size.Length };
        options = size.Training is null
            ? options
            : options with
            {
                TrainCount = size.Training.Value,
                ValidationCount = size.Validation!.Value,
                TestCount = size.Test!.Value,
            };
        var pairs = PassagePairs.Make(Sources(folder, cancellationToken), options, DataSeed);
        return new(
            Encode(pairs.Train),
            Encode(pairs.Validation),
            Encode(pairs.Test),
            Vocabulary,
            $"pairs of passages of {size.Length} letters, seed {DataSeed}; not the arena's Retrieval",
            IsOriginal: false);
    }

    private static PassageSource[] Sources(ArenaFolder folder, CancellationToken cancellationToken)
    {
        var text = folder.Fetch("text", cancellationToken);
        return
        [
            PassageSource.ReadArticles(Path.Combine(text, "wikitext-2.valid.txt"), Path.Combine(text, "wikitext-2.test.txt")),
            PassageSource.ReadSpeeches(Path.Combine(text, "tinyshakespeare.txt")),
            PassageSource.OfReviews(
                ImdbReviews.Read(Path.Combine(folder.Fetch("imdb", cancellationToken), "aclImdb_labeled.tar.gz"))),
        ];
    }

    private SequenceExamples Encode(IReadOnlyList<LabelledPair> pairs)
    {
        var examples = SequenceExamples.OfClasses(1, Classes, Sequences, byteScale: 1);
        foreach (var pair in pairs)
        {
            examples.AddPair(pair.First, pair.Second, pair.Label);
        }

        return examples;
    }
}
