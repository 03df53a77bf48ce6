using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderDatasetTests
{
    private const int Count = 23;

    private const int PackSize = 10;

    private static readonly PathfinderOptions Options = PathfinderOptions.Pathfinder32;

    [TestMethod]
    public void Generate_OnOneOrThreeThreads_WritesTheSameBytes()
    {
        using var one = new TemporaryFolder();
        using var three = new TemporaryFolder();
        Generate(one, threads: 1);
        Generate(three, threads: 3);
        CollectionAssert.AreEqual(new[] { "images-00000.pack", "images-00001.pack", "images-00002.pack" }, one.Names());
        AssertSame(one, three);
    }

    [TestMethod]
    public void Generate_StoppedAndContinued_WritesTheSameBytes()
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        Generate(unbroken, threads: 1);
        using var source = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Generate(stopped, threads: 2, progress: new Report(_ => source.Cancel()), token: source.Token));
        CollectionAssert.AreEqual(new[] { "images-00000.pack" }, stopped.Names());
        var written = File.GetLastWriteTimeUtc(stopped["images-00000.pack"]);

        var told = new List<int>();
        Generate(stopped, threads: 3, progress: new Report(told.Add));
        CollectionAssert.AreEqual(new[] { 10, 20, 23 }, told);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(stopped["images-00000.pack"]));
        AssertSame(unbroken, stopped);

        // A hole in the middle is filled as well.
        File.Delete(stopped["images-00001.pack"]);
        Generate(stopped, threads: 1);
        AssertSame(unbroken, stopped);
    }

    [TestMethod]
    public void Generate_StoppedWithinAPack_LeavesNoPartOfIt()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        source.CancelAfter(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsExactly<OperationCanceledException>(() => PathfinderDataset.Generate(
            folder.Path, PathfinderOptions.PathX128, 1, 5000, 2, cancellationToken: source.Token));
        Assert.IsEmpty(folder.Names());
    }

    [TestMethod]
    public void Generate_IntoAFolderOfOthers_NamesBoth()
    {
        using var folder = new TemporaryFolder();
        Generate(folder, threads: 1);
        var before = folder.Names().ToDictionary(name => name, name => Convert.ToHexString(File.ReadAllBytes(folder[name])));

        var seed = Refusal(() => PathfinderDataset.Generate(folder.Path, Options, 8, Count, 1, PackSize));
        Assert.Contains("of seed 7", seed);
        Assert.Contains("of seed 8", seed);
        var options = Refusal(() => PathfinderDataset.Generate(folder.Path, Options with { ContourLength = 9 }, 7, Count, 1, PackSize));
        Assert.Contains("contour_length=14", options);
        Assert.Contains("contour_length=9", options);
        var longer = Refusal(() => PathfinderDataset.Generate(folder.Path, Options, 7, 40, 1, PackSize));
        Assert.Contains("images 20 to 22", longer);
        Assert.Contains("images 20 to 29", longer);
        Assert.Contains("1 packs only", Refusal(() => PathfinderDataset.Generate(folder.Path, Options, 7, 10, 1, PackSize)));
        Assert.IsTrue(before.All(file => Convert.ToHexString(File.ReadAllBytes(folder[file.Key])) == file.Value));

        static string Refusal(Action run) => Assert.ThrowsExactly<ConfigurationException>(run).Message;
    }

    [TestMethod]
    public void Generate_OfBadArguments_ListsThemAll()
    {
        using var folder = new TemporaryFolder();
        Assert.HasCount(3, Assert.ThrowsExactly<ConfigurationException>(
            () => PathfinderDataset.Generate(folder.Path, Options, 1, 0, 0, 0)).Faults);
        Assert.Contains("at most 65536", Assert.ThrowsExactly<ConfigurationException>(
            () => PathfinderDataset.Generate(folder.Path, PathfinderOptions.PathX128, 1, 200_000, 1, 200_000)).Message);
        var narrow = new PathfinderOptions { Size = 16, SeedDistance = 2, ContourLength = 40 };
        Assert.ThrowsExactly<ConfigurationException>(() => PathfinderDataset.Generate(folder.Path, narrow, 1, 2, 2));
        Assert.IsEmpty(folder.Names());
    }

    [TestMethod]
    public void Generate_BesideADamagedPack_NamesIt()
    {
        using var folder = new TemporaryFolder();
        Generate(folder, threads: 1);
        var path = folder["images-00001.pack"];
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.ThrowsExactly<DataFormatException>(() => Generate(folder, threads: 1)).Message);

        // Opening looks at headers only; the damage shows with the first image of the pack.
        var images = PathfinderDataset.Open(folder.Path);
        Assert.AreEqual(1024, images[9].Values.Length);
        Assert.Contains(path, Assert.ThrowsExactly<DataFormatException>(() => images[10]).Message);
    }

    [TestMethod]
    public void Open_OfAWholeFolder_GivesTheGeneratorsImages()
    {
        using var folder = new TemporaryFolder();
        Generate(folder, threads: 2);
        var images = PathfinderDataset.Open(folder.Path);
        var generator = new PathfinderGenerator(Options, 7);
        Assert.AreEqual((Count, 32, 7UL), (images.Count, images.Size, images.Seed));
        Assert.EndsWith(Options.Describe(), images.Source);
        for (var index = 0; index < Count; index++)
        {
            var expected = generator.Generate(index);
            Assert.AreEqual(expected.Label, images[index].Label);
            CollectionAssert.AreEqual(expected.Pixels, images[index].Values.ToArray());
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => images[Count]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => images[-1]);
    }

    [TestMethod]
    public void Open_OfAFolderThatIsNotWhole_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no packs", Assert.ThrowsExactly<DataFormatException>(() => PathfinderDataset.Open(folder.Path)).Message);
        Assert.ThrowsExactly<DataFormatException>(() => PathfinderDataset.Open(folder["missing"]));
        Generate(folder, threads: 1);
        File.Delete(folder["images-00001.pack"]);
        var message = Assert.ThrowsExactly<DataFormatException>(() => PathfinderDataset.Open(folder.Path)).Message;
        Assert.Contains("images 20 to 22", message);
        Assert.Contains("should be images 10 to", message);
    }

    [TestMethod]
    public void Split_OfThePublishedCount_HasThePublishedParts()
    {
        var split = PathfinderSplit.Of(PathfinderDataset.PublishedCount);
        Assert.AreEqual(
            (160_000, 20_000, 20_000), (split.Training.Count, split.Validation.Count, split.Test.Count));
        var all = split.Training.Concat(split.Validation).Concat(split.Test).Order();
        Assert.IsTrue(all.SequenceEqual(Enumerable.Range(0, PathfinderDataset.PublishedCount)));
        Assert.IsTrue(split.Test.SequenceEqual(PathfinderSplit.Of(PathfinderDataset.PublishedCount).Test));

        // In order the mean index of a part would be far off; at random it is 100,000 with a standard deviation of 410.
        Assert.IsInRange(97_500.0, 102_500.0, split.Test.Average());
    }

    [TestMethod]
    [DataRow(0, 0, 0, 0)]
    [DataRow(1, 0, 0, 1)]
    [DataRow(9, 7, 0, 2)]
    [DataRow(23, 18, 2, 3)]
    public void Split_OfAFewImages_RoundsDown(int count, int training, int validation, int test)
    {
        var split = PathfinderSplit.Of(count);
        Assert.AreEqual((training, validation, test), (split.Training.Count, split.Validation.Count, split.Test.Count));
    }

    private static void Generate(
        TemporaryFolder folder, int threads, IProgress<int>? progress = null, CancellationToken token = default) =>
        PathfinderDataset.Generate(folder.Path, Options, 7, Count, threads, PackSize, progress, token);

    private static void AssertSame(TemporaryFolder one, TemporaryFolder other)
    {
        CollectionAssert.AreEqual(one.Names(), other.Names());
        foreach (var name in one.Names())
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(one[name]), File.ReadAllBytes(other[name]));
        }
    }

    private sealed class Report(Action<int> tell) : IProgress<int>
    {
        void IProgress<int>.Report(int value) => tell(value);
    }
}
