using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// Pairs of passages that a model must match by source: label 1 when both come from one source, 0 when they come from two. A
/// task of two towers that needs no more than texts at hand, for when the document pairs of Long Range Arena cannot be had. It
/// is a task of its own, and its results are never reported under the name Retrieval.
/// </summary>
/// <param name="Train">Training part.</param>
/// <param name="Validation">Validation part.</param>
/// <param name="Test">Test part.</param>
/// <remarks>
/// <para>
/// How a pair is made: the label alternates, so every even number of pairs is balanced. The source of the first passage is
/// drawn uniformly; that of the second is the same or drawn uniformly from the others. A document is drawn uniformly from those
/// of the source that are long enough, the two of a pair being different ones; a passage starts at a random word. All passages
/// have the same length, and each passage alone has the same distribution under both labels, so neither a length nor one
/// passage gives the label away.
/// </para>
/// <para>
/// Documents are dealt to the parts before any pair is made: of each source a tenth to validation, a tenth to test, the rest to
/// training. Pair i of a part is a function of seed, part and i, so a shorter part is the beginning of a longer one.
/// </para>
/// </remarks>
public sealed record PassagePairs(
    IReadOnlyList<LabelledPair> Train, IReadOnlyList<LabelledPair> Validation, IReadOnlyList<LabelledPair> Test)
{
    private const int FewestDocuments = 20;
    private const int PartBits = 60;

    /// <summary>Makes the pairs.</summary>
    /// <param name="sources">Two or more sources.</param>
    /// <param name="options">How many pairs and how long.</param>
    /// <param name="seed">Seed; equal arguments give equal pairs.</param>
    /// <exception cref="ConfigurationException">
    /// An option cannot be used, there are fewer than two sources, or a source has fewer than 20 documents long enough; lists
    /// every fault.
    /// </exception>
    public static PassagePairs Make(IReadOnlyList<PassageSource> sources, PassagePairOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        var documents = sources
            .Select(source => source.Documents.Where(document => document.Length >= options.PassageLength).ToArray())
            .ToArray();
        var faults = new List<string>();
        if (sources.Count < 2)
        {
            faults.Add($"There are {sources.Count} sources; pairs of different sources need two or more.");
        }

        for (var source = 0; source < documents.Length; source++)
        {
            if (documents[source].Length < FewestDocuments)
            {
                faults.Add(
                    $"{sources[source].Name} has {documents[source].Length} documents of {options.PassageLength} bytes or more; " +
                    $"{FewestDocuments} are needed. Give a smaller {nameof(options.PassageLength)} or more documents.");
            }
        }

        ConfigurationException.ThrowIfAny(faults);
        for (var source = 0; source < documents.Length; source++)
        {
            new CounterRandom(seed, (ulong)source).Shuffle(documents[source].AsSpan());
        }

        return new PassagePairs(
            Part(1, options.TrainCount, set => set[(2 * (set.Length / 10))..]),
            Part(2, options.ValidationCount, set => set[..(set.Length / 10)]),
            Part(3, options.TestCount, set => set[(set.Length / 10)..(2 * (set.Length / 10))]));

        LabelledPair[] Part(ulong part, int count, Func<byte[][], byte[][]> deal)
        {
            var own = documents.Select(deal).ToArray();
            var pairs = new LabelledPair[count];
            for (var pair = 0; pair < count; pair++)
            {
                pairs[pair] = Pair(own, pair % 2, options.PassageLength, new CounterRandom(seed, (part << PartBits) | (uint)pair));
            }

            return pairs;
        }
    }

    private static LabelledPair Pair(byte[][][] documents, int label, int length, CounterRandom random)
    {
        var first = random.NextInt(documents.Length);
        var second = label == 1 ? first : (first + 1 + random.NextInt(documents.Length - 1)) % documents.Length;
        var firstDocument = random.NextInt(documents[first].Length);
        var secondDocument = first == second
            ? (firstDocument + 1 + random.NextInt(documents[second].Length - 1)) % documents[second].Length
            : random.NextInt(documents[second].Length);
        return new LabelledPair(
            Passage(documents[first][firstDocument], length, random), Passage(documents[second][secondDocument], length, random), label);
    }

    private static ReadOnlyMemory<byte> Passage(byte[] document, int length, CounterRandom random)
    {
        // From a random place back to the start of its word.
        var start = random.NextInt(document.Length - length + 1);
        while (start > 0 && document[start - 1] != (byte)' ')
        {
            start--;
        }

        return document.AsMemory(start, length);
    }
}
