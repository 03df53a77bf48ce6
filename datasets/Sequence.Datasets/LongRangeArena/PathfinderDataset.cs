using System.Runtime.ExceptionServices;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// Pathfinder images in a folder of packs named images-00000.pack, images-00001.pack and so on. A pack is read at the first use of
/// one of its images and kept: all of Pathfinder takes 0.2 GB of memory, all of Path-X 3.3 GB.
/// </summary>
public sealed class PathfinderDataset
{
    /// <summary>Images of the published sets.</summary>
    public const int PublishedCount = 200_000;

    /// <summary>Images of a pack.</summary>
    public const int DefaultPackSize = 5_000;

    // Part of the packs' source: a change of the drawing gives it a new number.
    private const string GeneratorName = "pathfinder 1";

    private readonly IReadOnlyList<ImagePackHeader> _headers;
    private readonly IReadOnlyList<Lazy<ImagePack>> _packs;

    private PathfinderDataset(IReadOnlyList<ImagePackHeader> headers, IReadOnlyList<string> paths)
    {
        _headers = headers;
        _packs = [.. paths.Select(path => new Lazy<ImagePack>(() => ImagePack.Read(path)))];
        Count = headers.Sum(header => header.Count);
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Height and width of an image.</summary>
    public int Size => _headers[0].Size;

    /// <summary>Seed of the generator.</summary>
    public ulong Seed => _headers[0].Seed;

    /// <summary>The generator and all its parameters.</summary>
    public string Source => _headers[0].Source;

    /// <summary>An image and whether its markers lie on one snake; the pixels are a piece of the pack, not a copy.</summary>
    /// <param name="index">Its place, counted from 0.</param>
    /// <exception cref="DataFormatException">The pack is damaged.</exception>
    public LabelledSequence this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);

            // Every pack but the last is as long as the first.
            var length = _headers[0].Count;
            return _packs[index / length].Value[index % length];
        }
    }

    /// <summary>The images for training, validation and test: <see cref="PathfinderSplit.Of" />.</summary>
    public PathfinderSplit Split() => PathfinderSplit.Of(Count);

    /// <summary>
    /// Draws images into a folder, pack by pack. What is there already is checked and kept, so that a stopped run goes on where it
    /// was; the files are the same bytes for any number of threads and of interruptions.
    /// </summary>
    /// <param name="folder">The folder; made where missing.</param>
    /// <param name="options">Parameters of the images.</param>
    /// <param name="seed">Another seed gives other images.</param>
    /// <param name="count">Images in all.</param>
    /// <param name="threads">Images drawn at the same time.</param>
    /// <param name="packSize">Images of a pack.</param>
    /// <param name="progress">Told the number of images in the folder after each pack.</param>
    /// <param name="cancellationToken">Stops the run; whole packs stay.</param>
    /// <returns>The images.</returns>
    /// <exception cref="ConfigurationException">The options cannot be used, or the folder holds packs of other ones.</exception>
    /// <exception cref="DataFormatException">A pack in the folder is damaged.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="SequenceException">The folder cannot be written.</exception>
    public static PathfinderDataset Generate(
        string folder,
        PathfinderOptions options,
        ulong seed,
        int count = PublishedCount,
        int threads = 1,
        int packSize = DefaultPackSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        var generator = new PathfinderGenerator(options, seed);
        var faults = new List<string>();
        foreach (var (name, value) in new[] { (nameof(count), count), (nameof(threads), threads), (nameof(packSize), packSize) })
        {
            if (value < 1)
            {
                faults.Add($"{name} is {value}: choose at least 1.");
            }
        }

        var most = ImagePack.MostPixels / (options.Size * options.Size);
        if (Math.Min(packSize, count) > most)
        {
            faults.Add($"{nameof(packSize)} is {packSize}: choose at most {most} for images of {options.Size} pixels.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var source = $"{GeneratorName} {options.Describe()}";
        var packs = (int)(((long)count + packSize - 1) / packSize);
        var headers = Enumerable.Range(0, packs)
            .Select(pack => new ImagePackHeader(
                options.Size, (long)pack * packSize, Math.Min(packSize, count - (pack * packSize)), seed, source))
            .ToArray();
        var paths = Enumerable.Range(0, packs).Select(pack => PackPath(folder, pack)).ToArray();
        RefuseOthers(folder, headers, paths);

        var done = 0;
        for (var pack = 0; pack < packs; pack++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.Exists(paths[pack]))
            {
                ImagePack.Read(paths[pack]);
            }
            else
            {
                Draw(generator, headers[pack], threads, cancellationToken).Write(paths[pack]);
            }

            done += headers[pack].Count;
            progress?.Report(done);
        }

        return new PathfinderDataset(headers, paths);
    }

    /// <summary>Opens a folder that images were generated into; checks headers and lengths of all packs.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DataFormatException">It holds no packs, one is missing or damaged, or they do not belong together.</exception>
    public static PathfinderDataset Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var paths = PackPaths(folder);
        if (paths.Count == 0)
        {
            throw new DataFormatException("holds no packs of images. Generate them first, or name another folder.", folder);
        }

        var headers = paths.Select(ImagePack.ReadHeader).ToArray();
        var first = headers[0];
        for (var pack = 0; pack < headers.Length; pack++)
        {
            var isLast = pack == headers.Length - 1;
            var expected = first with { FirstIndex = (long)pack * first.Count, Count = isLast ? headers[pack].Count : first.Count };
            if (headers[pack] != expected || headers[pack].Count > first.Count)
            {
                throw new DataFormatException(
                    $"holds {Text(headers[pack])}, but after the packs before it there should be {Text(expected)}. Generate again to fill gaps, or move what does not belong here.",
                    paths[pack]);
            }
        }

        if (headers.Sum(header => (long)header.Count) > int.MaxValue)
        {
            throw new DataFormatException("holds more images than can be counted.", folder);
        }

        return new PathfinderDataset(headers, paths);
    }

    private static ImagePack Draw(PathfinderGenerator generator, ImagePackHeader header, int threads, CancellationToken cancellationToken)
    {
        var area = header.Size * header.Size;
        var labels = new byte[header.Count];
        var pixels = new byte[header.Count * area];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, header.Count, options, index =>
            {
                var image = generator.Generate(header.FirstIndex + index);
                labels[index] = (byte)image.Label;
                image.Pixels.CopyTo(pixels, index * area);
            });
        }
        catch (AggregateException exception) when (exception.InnerException is SequenceException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }

        return new ImagePack(header, labels, pixels);
    }

    /// <summary>Refuses a folder with packs that this run would not write.</summary>
    private static void RefuseOthers(string folder, ImagePackHeader[] headers, string[] paths)
    {
        foreach (var path in Directory.Exists(folder) ? PackPaths(folder) : [])
        {
            var found = ImagePack.ReadHeader(path);
            var pack = Array.FindIndex(paths, expected => Path.GetFileName(expected) == Path.GetFileName(path));
            var wanted = pack < 0 ? null : headers[pack];
            if (found != wanted)
            {
                throw new ConfigurationException(
                    $"{path} holds {Text(found)}, but {(wanted is null ? $"this run has {headers.Length} packs only" : $"this run would write {Text(wanted)}")}. Choose another folder, or the options and the seed of this one.");
            }
        }
    }

    private static string Text(ImagePackHeader header) =>
        $"images {header.FirstIndex} to {header.FirstIndex + header.Count - 1} of seed {header.Seed}, '{header.Source}'";

    private static string PackPath(string folder, int pack) => Path.Combine(folder, $"images-{pack:D5}.pack");

    private static IReadOnlyList<string> PackPaths(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "images-*.pack").Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", folder, innerException: exception);
        }
    }
}
