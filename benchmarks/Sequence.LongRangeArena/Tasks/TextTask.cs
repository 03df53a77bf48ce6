using Sequence.Datasets;
using Sequence.Numerics;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// Text: whether a film review is positive, from its characters. The published benchmark chooses the epoch on the test part;
/// here a tenth of the training part is set aside for that.
/// </summary>
public sealed class TextTask : ArenaTask
{
    private const ulong DataSeed = 1;
    private const int RareCharacter = 15;
    private const string Dataset = "imdb";
    private const string PublicArchive = "aclImdb_v1.tar.gz";
    private const string Archive = "aclImdb_labeled.tar.gz";

    /// <inheritdoc />
    public override string Name => "text";

    /// <inheritdoc />
    public override string Description => "whether a film review is positive, from its characters; IMDB";

    /// <inheritdoc />
    public override int Classes => 2;

    /// <inheritdoc />
    public override int Length => 4096;

    /// <inheritdoc />
    /// <remarks>As the S4 authors count; by their rule we find one character less, and that row of the table is not used.</remarks>
    public override int Vocabulary => 135;

    /// <inheritdoc />
    public override int SmallEpochs => 12;

    /// <inheritdoc />
    public override ArenaSize SmallSize => new(512, Training: 10_000, Validation: 1_000, Test: 2_000);

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var archive = folder.Of(Dataset, PublicArchive);
        if (!File.Exists(archive))
        {
            archive = Path.Combine(folder.Fetch(Dataset, cancellationToken), Archive);
        }

        var reviews = ImdbReviews.Read(archive);
        var train = Shuffled(reviews.Train);
        var test = Shuffled(reviews.Test);
        var held = size.Validation ?? train.Length / 10;
        var validation = train[..held];
        train = train[held..][..Math.Min(size.Training ?? int.MaxValue, train.Length - held)];
        test = test[..Math.Min(size.Test ?? int.MaxValue, test.Length)];
        var vocabulary = CharacterVocabulary.Build(reviews.Train.Select(review => review.Text), RareCharacter);
        return new(
            Encode(train, vocabulary, size.Length),
            Encode(validation, vocabulary, size.Length),
            Encode(test, vocabulary, size.Length),
            Math.Max(Vocabulary, vocabulary.Count),
            $"IMDB reviews ({Path.GetFileName(archive)}), the first {size.Length - 1} characters",
            IsOriginal: size.Training is null);
    }

    private static LabelledText[] Shuffled(IReadOnlyList<LabelledText> reviews)
    {
        LabelledText[] shuffled = [.. reviews];
        new CounterRandom(DataSeed).Shuffle(shuffled.AsSpan());
        return shuffled;
    }

    private SequenceExamples Encode(LabelledText[] reviews, CharacterVocabulary vocabulary, int length)
    {
        var examples = SequenceExamples.OfClasses(1, Classes, byteScale: 1);
        foreach (var sequence in vocabulary.Encode(reviews, length))
        {
            examples.Add(sequence.Values, sequence.Label);
        }

        return examples;
    }
}
