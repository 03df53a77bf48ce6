using Sequence.Datasets;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// Retrieval: whether two papers of the ACL Anthology Network are linked, from their characters. It needs the original files;
/// <see cref="PassagesTask"/> is a task of the same form that needs none.
/// </summary>
public sealed class RetrievalTask : ArenaTask
{
    private const string Folder = "aan";

    /// <inheritdoc />
    public override string Name => "retrieval";

    /// <inheritdoc />
    public override string Description => "whether two papers are linked, from their characters; ACL Anthology Network";

    /// <inheritdoc />
    public override int Classes => 2;

    /// <inheritdoc />
    public override int Sequences => 2;

    /// <inheritdoc />
    public override int Length => 4000;

    /// <inheritdoc />
    public override int Vocabulary => 98;

    /// <inheritdoc />
    public override int SmallEpochs => 12;

    /// <inheritdoc />
    public override ArenaSize SmallSize => new(512, Training: 4_000, Validation: 500, Test: 1_000);

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string[] files = [DocumentPairFile.TrainFile, DocumentPairFile.ValidationFile, DocumentPairFile.TestFile];
        var paths = Array.ConvertAll(files, file => folder.Of(Folder, file));
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
        {
            throw new ConfigurationException(
                $"retrieval needs {missing}: the pairs of the arena's lra_release.gz, which cannot be fetched from here. Put " +
                $"{string.Join(", ", files)} there; or run the task passages, which has the same form and needs none of them.");
        }

        var vocabulary = CharacterVocabulary.Build(
            Read(paths[0], size, size.Training).SelectMany(pair => new[] { pair.First, pair.Second }), minimumCount: 1);
        return new(
            Encode(Read(paths[0], size, size.Training), vocabulary, size.Length),
            Encode(Read(paths[1], size, size.Validation), vocabulary, size.Length),
            Encode(Read(paths[2], size, size.Test), vocabulary, size.Length),
            Math.Max(Vocabulary, vocabulary.Count),
            $"the files in {folder.Of(Folder)}",
            IsOriginal: size.Training is null);
    }

    private static IEnumerable<DocumentPair> Read(string path, ArenaSize size, int? count) =>
        DocumentPairFile.Read(path, size.Length - 1).Take(count ?? int.MaxValue);

    private SequenceExamples Encode(IEnumerable<DocumentPair> pairs, CharacterVocabulary vocabulary, int length)
    {
        var examples = SequenceExamples.OfClasses(1, Classes, Sequences, byteScale: 1);
        foreach (var pair in pairs)
        {
            examples.AddPair(vocabulary.Encode(pair.First, length), vocabulary.Encode(pair.Second, length), pair.Label);
        }

        return examples;
    }
}
