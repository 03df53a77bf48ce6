using Sequence.Datasets;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>ListOps: the value of a nested expression of MIN, MAX, MED and SM over digits.</summary>
public sealed class ListOpsTask : ArenaTask
{
    private const ulong DataSeed = 1;

    /// <inheritdoc />
    public override string Name => "listops";

    /// <inheritdoc />
    public override string Description => "the value of a nested expression over digits; generated here";

    /// <inheritdoc />
    public override int Classes => 10;

    /// <inheritdoc />
    public override int Length => 2048;

    /// <inheritdoc />
    public override int Vocabulary => ListOpsTokens.Symbols.Count;

    /// <inheritdoc />
    public override int SmallEpochs => 20;

    /// <inheritdoc />
    public override ArenaSize SmallSize => new(256, Training: 10_000, Validation: 1_000, Test: 2_000);

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (splits, source) = size.Training is null
            ? Published(folder, cancellationToken)
            : (Generated(folder.Of(Name, $"{size.Length}-{size.Training}"), Shorter(size), cancellationToken),
                $"generated: lengths from {size.Length / 8} to {size.Length - 1}, seed {DataSeed}");
        return new(
            Encode(splits.Train, size), Encode(splits.Validation, size), Encode(splits.Test, size), Vocabulary, source,
            IsOriginal: size.Training is null);
    }

    private static (ListOpsSplits Splits, string Source) Published(ArenaFolder folder, CancellationToken cancellationToken)
    {
        var original = folder.Of("listops");
        return File.Exists(Path.Combine(original, ListOpsFolder.TrainFile))
            ? (ListOpsFolder.Read(original), $"the files in {original}")
            : (Generated(folder.Of("listops", "published"), new(), cancellationToken),
                $"generated to the published parameters, seed {DataSeed}");
    }

    private static ListOpsSplits Generated(string folder, ListOpsOptions options, CancellationToken cancellationToken)
    {
        ListOpsFolder.Generate(folder, options, DataSeed, cancellationToken: cancellationToken);
        return ListOpsFolder.Read(folder);
    }

    private static ListOpsOptions Shorter(ArenaSize size) => new()
    {
        ExclusiveMinimumLength = (size.Length / 8) - 1,
        ExclusiveMaximumLength = size.Length,
        TrainCount = size.Training!.Value,
        ValidationCount = size.Validation!.Value,
        TestCount = size.Test!.Value,
    };

    private SequenceExamples Encode(IReadOnlyList<LabelledSequence> sequences, ArenaSize size)
    {
        var examples = SequenceExamples.OfClasses(1, Classes, byteScale: 1);
        foreach (var sequence in sequences)
        {
            examples.Add(ListOpsTokens.Encode(sequence.Values.Span, size.Length), sequence.Label);
        }

        return examples;
    }
}
