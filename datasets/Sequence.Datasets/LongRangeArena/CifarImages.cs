using System.Formats.Tar;
using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// The images of CIFAR-10 (Krizhevsky, 2009) as sequences of 1,024 grey bytes, row by row: the Image task of Long Range Arena.
/// A pixel is L = (19595 R + 38470 G + 7471 B + 32768) / 65536, rounded down, as PIL converts to grey.
/// </summary>
/// <param name="Train">The 50,000 training images.</param>
/// <param name="Test">The 10,000 test images.</param>
/// <remarks>
/// Models standardise a byte b to (b / 255 - <see cref="Mean"/>) / <see cref="StandardDeviation"/>.
/// </remarks>
public sealed record CifarImages(IReadOnlyList<LabelledSequence> Train, IReadOnlyList<LabelledSequence> Test)
{
    /// <summary>Mean of a grey pixel divided by 255, as the S4 loader has it.</summary>
    public const double Mean = 122.6 / 255;

    /// <summary>Standard deviation of a grey pixel divided by 255, as the S4 loader has it.</summary>
    public const double StandardDeviation = 61.0 / 255;

    /// <summary>Pixels of an image.</summary>
    public const int Pixels = 1024;

    private const int RecordLength = 1 + (3 * Pixels);
    private const int BatchRecords = 10_000;
    private const int Classes = 10;

    private const string TestBatch = "test_batch.bin";

    private static readonly string[] TrainBatches =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];

    /// <summary>Reads the public archive <c>cifar-10-binary.tar.gz</c>.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="DataFormatException">
    /// It is missing or damaged, lacks one of the six batches, or a batch has not 10,000 images.
    /// </exception>
    public static CifarImages ReadArchive(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var batches = new Dictionary<string, LabelledSequence[]>(StringComparer.Ordinal);
        try
        {
            using var content = WholeGzipStream.OpenGzip(path);
            using var archive = new TarReader(content);
            while (archive.GetNextEntry() is { } entry)
            {
                var name = Path.GetFileName(entry.Name);
                if (entry.DataStream is null || !(TrainBatches.Contains(name) || string.Equals(name, TestBatch, StringComparison.Ordinal)))
                {
                    continue;
                }

                if (entry.Length != BatchRecords * RecordLength)
                {
                    throw new DataFormatException(
                        $"{name} has {entry.Length} bytes; a batch has {BatchRecords * RecordLength}.", path);
                }

                var bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                batches[name] = Parse(bytes, $"{path}: {name}");
            }

            // The end of the file is checked when it is reached; the archive ends before.
            content.CopyTo(Stream.Null);
        }
        catch (Exception exception) when (
            exception is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        return new CifarImages([.. TrainBatches.SelectMany(Batch)], Batch(TestBatch));

        LabelledSequence[] Batch(string name) =>
            batches.TryGetValue(name, out var images) ? images : throw new DataFormatException($"has no {name}.", path);
    }

    /// <summary>Reads one batch in the binary format: for each image a byte for the class, then its red, green and blue planes.</summary>
    /// <param name="path">The file, decompressed when its name ends in .gz.</param>
    /// <param name="images">How many images it must hold; null takes as many as there are.</param>
    /// <exception cref="DataFormatException">
    /// It is missing, damaged, cut within an image, empty, of another number of images, or a class is above 9.
    /// </exception>
    public static IReadOnlyList<LabelledSequence> ReadBatch(string path, int? images = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes;
        try
        {
            using var content = WholeGzipStream.Open(path);
            using var memory = new MemoryStream();
            content.CopyTo(memory);
            bytes = memory.ToArray();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        var found = Parse(bytes, path);
        return images is null || images == found.Length
            ? found
            : throw new DataFormatException($"holds {found.Length} images; there must be {images}.", path);
    }

    /// <summary>Sets a tenth of the training images aside for validation, drawn by a seed.</summary>
    /// <param name="train">Training images.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>What is left to train on and what is set aside, each in the order given.</returns>
    public static (IReadOnlyList<LabelledSequence> Train, IReadOnlyList<LabelledSequence> Validation) Split(
        IReadOnlyList<LabelledSequence> train, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        var order = Enumerable.Range(0, train.Count).ToArray();
        new CounterRandom(seed).Shuffle(order.AsSpan());
        var validation = order[..(train.Count / 10)].ToHashSet();
        return (
            [.. train.Where((_, index) => !validation.Contains(index))], [.. train.Where((_, index) => validation.Contains(index))]);
    }

    private static LabelledSequence[] Parse(byte[] bytes, string path)
    {
        if (bytes.Length == 0 || bytes.Length % RecordLength != 0)
        {
            throw new DataFormatException(
                $"has {bytes.Length} bytes; it must be one or more images of {RecordLength} bytes. Fetch it again.", path);
        }

        var images = new LabelledSequence[bytes.Length / RecordLength];
        for (var image = 0; image < images.Length; image++)
        {
            var record = bytes.AsSpan(image * RecordLength, RecordLength);
            if (record[0] >= Classes)
            {
                throw new DataFormatException(
                    $"image {image + 1} has the class {record[0]}; there are {Classes}, counted from 0.", path);
            }

            var grey = new byte[Pixels];
            for (var pixel = 0; pixel < Pixels; pixel++)
            {
                var (red, green, blue) = (record[1 + pixel], record[1 + Pixels + pixel], record[1 + (2 * Pixels) + pixel]);
                grey[pixel] = (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
            }

            images[image] = new LabelledSequence(grey, record[0]);
        }

        return images;
    }
}
