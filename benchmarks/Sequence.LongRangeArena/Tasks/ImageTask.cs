using Sequence.Data;
using Sequence.Datasets;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>Image: what a picture of CIFAR-10 shows, from its grey pixels row by row.</summary>
public sealed class ImageTask : ArenaTask
{
    private const ulong DataSeed = 1;
    private const string Dataset = "cifar10";
    private const string PublicArchive = "cifar-10-binary.tar.gz";
    private const string TrainBatch = "data_batch_1.bin";
    private const string TestBatch = "test_batch_first1000.bin";

    /// <inheritdoc />
    public override string Name => "image";

    /// <inheritdoc />
    public override string Description => "what a picture shows, from its grey pixels row by row; CIFAR-10";

    /// <inheritdoc />
    public override int Classes => 10;

    /// <inheritdoc />
    public override int Length => CifarImages.Pixels;

    /// <inheritdoc />
    public override int Vocabulary => 0;

    /// <inheritdoc />
    public override int SmallEpochs => 20;

    /// <inheritdoc />
    public override ArenaSize SmallSize => new(CifarImages.Pixels / 4, Training: 9_000, Validation: 1_000, Test: 1_000);

    /// <inheritdoc />
    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var archive = folder.Of(Dataset, PublicArchive);
        var images = File.Exists(archive) ? CifarImages.ReadArchive(archive) : Part(size, folder, cancellationToken);
        var wanted = size.Training is { } training ? training + size.Validation!.Value : images.Train.Count;
        if (wanted > images.Train.Count || size.Test > images.Test.Count)
        {
            throw new DataFormatException($"CIFAR-10 holds only {images.Train.Count} and {images.Test.Count} images.");
        }

        var (train, validation) = CifarImages.Split([.. images.Train.Take(wanted)], DataSeed);
        var shrink = size.Length < CifarImages.Pixels;
        return new(
            Encode(train, shrink),
            Encode(validation, shrink),
            Encode(images.Test.Take(size.Test ?? int.MaxValue), shrink),
            Vocabulary,
            $"CIFAR-10 in grey{(shrink ? " at half its height and width" : string.Empty)} ({(File.Exists(archive) ? PublicArchive : $"{TrainBatch} and {TestBatch}")})",
            IsOriginal: size.Training is null);
    }

    private static CifarImages Part(ArenaSize size, ArenaFolder folder, CancellationToken cancellationToken)
    {
        if (size.Training is null)
        {
            throw new ConfigurationException(
                $"image with the paper preset needs all of CIFAR-10: put {PublicArchive} " +
                $"(https://www.cs.toronto.edu/~kriz/{PublicArchive}) into {folder.Of(Dataset)}. The small preset takes a part of it.");
        }

        var part = folder.Fetch(Dataset, cancellationToken);
        return new(
            CifarImages.ReadBatch(Path.Combine(part, TrainBatch)), CifarImages.ReadBatch(Path.Combine(part, TestBatch)));
    }

    /// <summary>Each four neighbours become their mean, rounded.</summary>
    private static byte[] Half(ReadOnlySpan<byte> image)
    {
        const int side = 32;
        var half = new byte[image.Length / 4];
        for (var pixel = 0; pixel < half.Length; pixel++)
        {
            var first = (4 * (pixel / (side / 2)) * (side / 2)) + (2 * (pixel % (side / 2)));
            half[pixel] = (byte)((image[first] + image[first + 1] + image[first + side] + image[first + side + 1] + 2) / 4);
        }

        return half;
    }

    private SequenceExamples Encode(IEnumerable<LabelledSequence> images, bool shrink)
    {
        // (x / 255 - mean) / deviation, as one scale and one offset.
        var examples = SequenceExamples.OfClasses(
            1,
            Classes,
            byteScale: (float)(1 / (255 * CifarImages.StandardDeviation)),
            byteOffset: (float)(-CifarImages.Mean / CifarImages.StandardDeviation));
        foreach (var image in images)
        {
            examples.Add(shrink ? Half(image.Values.Span) : image.Values, image.Label);
        }

        return examples;
    }
}
