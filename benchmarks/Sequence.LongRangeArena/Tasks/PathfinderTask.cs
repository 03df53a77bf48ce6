using Sequence.Datasets;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// Pathfinder and Path-X: whether two dots lie on one dashed path among distractors, from the pixels row by row; the hard
/// setting of the published benchmark, contours of 14 paddles, at 32 x 32 and 128 x 128 pixels.
/// </summary>
public sealed class PathfinderTask : ArenaTask
{
    private const ulong DataSeed = 1;
    private const string OriginalFolder = "curv_contour_length_14";

    private readonly PathfinderOptions _options;

    private PathfinderTask(string name, string description, PathfinderOptions options)
    {
        (Name, Description, _options) = (name, description, options);
    }

    /// <summary>At 32 x 32 pixels.</summary>
    public static PathfinderTask Pathfinder { get; } = new(
        "pathfinder", "whether two dots lie on one dashed path, from pixels row by row; generated here", PathfinderOptions.Pathfinder32);

    /// <summary>At 128 x 128 pixels.</summary>
    public static PathfinderTask PathX { get; } = new(
        "path-x", "Pathfinder at 128 x 128 pixels; generated here", PathfinderOptions.PathX128);

    /// <inheritdoc />
    public override string Name { get; }

    /// <inheritdoc />
    public override string Description { get; }

    /// <inheritdoc />
    public override int Classes => 2;

    /// <inheritdoc />
    public override int Length => _options.Size * _options.Size;

    /// <inheritdoc />
    public override int Vocabulary => 0;

    /// <inheritdoc />
    public override int SmallEpochs => 12;

    /// <inheritdoc />
    public override ArenaSize SmallSize => this == PathX
        ? new(SmallOptions.Size * SmallOptions.Size, Training: 4_000, Validation: 500, Test: 1_000)
        : new(SmallOptions.Size * SmallOptions.Size, Training: 20_000, Validation: 1_000, Test: 2_000);

    // Of Path-X the published images of 32 x 32; of Pathfinder a quarter of that area, with paths of 5 paddles.
    private PathfinderOptions SmallOptions => this == PathX
        ? PathfinderOptions.Pathfinder32
        : PathfinderOptions.Pathfinder32 with
        {
            Size = 16,
            ContourLength = 5,
            DistractorLength = 2,
            DistractorSnakes = 2,
            SeedDistance = 3,
        };

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var original = folder.Of(Name, OriginalFolder);
        if (size.Training is null && Directory.Exists(original))
        {
            var images = PathfinderFolder.Read(original).Images;
            var split = PathfinderSplit.Of(images.Count);
            return Examples(index => images[index], split, $"the files in {original}", isOriginal: true);
        }

        return size.Training is { } training
            ? Small(size, training, folder, progress, cancellationToken)
            : Published(folder, progress, cancellationToken);
    }

    private ArenaExamples Published(
        ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        const int count = PathfinderDataset.PublishedCount;
        var images = Generate(folder.Of(Name, "published"), _options, count, progress, cancellationToken);
        return Examples(
            index => images[index], images.Split(), $"generated to the published parameters, seed {DataSeed}", isOriginal: true);
    }

    private ArenaExamples Small(
        ArenaSize size, int training, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var options = SmallOptions;
        var (validation, test) = (size.Validation!.Value, size.Test!.Value);
        var images = Generate(
            folder.Of(Name, $"{options.Size}-{training}"), options, training + validation + test, progress, cancellationToken);
        var split = new PathfinderSplit(
            [.. Enumerable.Range(0, training)],
            [.. Enumerable.Range(training, validation)],
            [.. Enumerable.Range(training + validation, test)]);
        return Examples(
            index => images[index],
            split,
            $"generated: {options.Size} x {options.Size} pixels, contours of {options.ContourLength}, seed {DataSeed}",
            isOriginal: false);
    }

    private static PathfinderDataset Generate(
        string folder, PathfinderOptions options, int count, IProgress<double>? progress, CancellationToken cancellationToken) =>
        PathfinderDataset.Generate(
            folder,
            options,
            DataSeed,
            count,
            Environment.ProcessorCount,
            progress: progress is null ? null : new Shares(progress, count),
            cancellationToken: cancellationToken);

    private ArenaExamples Examples(
        Func<int, LabelledSequence> image, PathfinderSplit split, string source, bool isOriginal) => new(
        Encode(split.Training.Select(image)),
        Encode(split.Validation.Select(image)),
        Encode(split.Test.Select(image)),
        Vocabulary,
        source,
        isOriginal);

    private SequenceExamples Encode(IEnumerable<LabelledSequence> images)
    {
        // (x / 255 - 1/2) / (1/2), as the S4 loader scales.
        var examples = SequenceExamples.OfClasses(1, Classes, byteScale: 2f / 255, byteOffset: -1);
        foreach (var image in images)
        {
            examples.Add(image.Values, image.Label);
        }

        return examples;
    }

    private sealed class Shares(IProgress<double> progress, int count) : IProgress<int>
    {
        public void Report(int value) => progress.Report((double)value / count);
    }
}
