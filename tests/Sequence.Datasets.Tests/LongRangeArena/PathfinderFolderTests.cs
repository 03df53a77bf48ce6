using System.Text;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderFolderTests
{
    [TestMethod]
    public void Folder_WithLinesOfText_IsReadInOrderOfBatches()
    {
        using var folder = new TemporaryFolder();
        Metadata(folder, "2", "imgs/2 sample_0.png 0 1 1.0 14 4 2 0.5 1 1\n");
        Metadata(folder, "10", "imgs/10 sample_0.png 0 0 1.0 14 4 2 0.5 1 1\r\nimgs/10 sample_1.png 1 1 1.0 14 4 2 0.5 1 1\n\n");
        Picture(folder, "2/sample_0.png", 3);
        Picture(folder, "10/sample_0.png", 7);
        Picture(folder, "10/sample_1.png", 9);
        var read = PathfinderFolder.Read(folder.Path);
        Assert.AreEqual(2, read.Size);
        CollectionAssert.AreEqual(new[] { 1, 0, 1 }, read.Images.Select(image => image.Label).ToArray());
        CollectionAssert.AreEqual(new byte[] { 3, 7, 9 }, read.Images.Select(image => image.Values.Span[0]).ToArray());
        Assert.IsEmpty(read.Skipped);
    }

    [TestMethod]
    public void Folder_WithAnArrayOfStrings_IsRead()
    {
        using var folder = new TemporaryFolder();
        string[] cells = ["imgs/0", "sample_0.png", "0", "1", "1.8", "imgs/0", "sample_1.png", "1", "0", "1.8"];
        var elements = cells.SelectMany(cell => Encoding.UTF32.GetBytes(cell.PadRight(12, '\0'))).ToArray();
        Directory.CreateDirectory(folder["metadata"]);
        File.WriteAllBytes(folder["metadata/0.npy"], NpyArrayTests.File("<U12", "(2, 5)", elements));
        Picture(folder, "0/sample_0.png", 1);
        Picture(folder, "0/sample_1.png", 2);
        var read = PathfinderFolder.Read(folder.Path);
        CollectionAssert.AreEqual(new[] { 1, 0 }, read.Images.Select(image => image.Label).ToArray());
        File.WriteAllBytes(folder["metadata/0.npy"], NpyArrayTests.File("<U12", "(10,)", elements));
        Assert.Contains("shape [10]", Refusal(folder));
    }

    [TestMethod]
    public void Folder_WithAnEmptyPicture_SkipsAndCountsIt()
    {
        using var folder = new TemporaryFolder();
        Metadata(folder, "0", "imgs/0 sample_172.png 172 1\nimgs/0 sample_173.png 173 0\n");
        Picture(folder, "0/sample_173.png", 5);
        File.WriteAllBytes(folder["imgs/0/sample_172.png"], []);
        var read = PathfinderFolder.Read(folder.Path);
        Assert.HasCount(1, read.Images);
        CollectionAssert.AreEqual(new[] { Path.Combine("imgs/0", "sample_172.png") }, read.Skipped.ToArray());
    }

    [TestMethod]
    public void Folder_OfTheGeneratorsOwnRows_GivesItsImages()
    {
        using var folder = new TemporaryFolder();
        var generator = new PathfinderGenerator(PathfinderOptions.Pathfinder32, 3);
        var images = Enumerable.Range(0, 5).Select(index => generator.Generate(index)).ToArray();
        Metadata(folder, "0", string.Concat(images.Select(image => image.Metadata + "\n")));
        foreach (var image in images)
        {
            new PathfinderPng(32, 32, image.Pixels).Write(folder[$"imgs/0/sample_{image.Index}.png"]);
        }

        var read = PathfinderFolder.Read(folder.Path);
        Assert.IsTrue(read.Images.Zip(images).All(
            pair => pair.First.Label == pair.Second.Label && pair.First.Values.Span.SequenceEqual(pair.Second.Pixels)));
        Assert.HasCount(5, read.Images);
    }

    [TestMethod]
    [DataRow("imgs/0 sample_0.png 0\n", "0.npy:1: 3 columns")]
    [DataRow("imgs/0 sample_0.png 0 1\nimgs/0 sample_0.png 0 2\n", "0.npy:2:4: '2' is no label")]
    [DataRow("imgs/0 sample_0.png 0 yes\n", "0.npy:1:4: 'yes' is no label")]
    [DataRow("../.. sample_0.png 0 1\n", "leads out")]
    [DataRow("/imgs/0 sample_0.png 0 1\n", "leads out")]
    [DataRow("imgs/0 sample_7.png 0 1\n", "sample_7.png: cannot be read")]
    [DataRow("imgs/0 wide.png 0 1\n", "3 by 1")]
    [DataRow("imgs/0 sample_0.png 0 1\nimgs/0 large.png 0 1\n", "3 by 3 among pictures of 2 by 2")]
    [DataRow("imgs/0 broken.png 0 1\n", "broken.png: no PNG")]
    [DataRow("", "lists no images")]
    public void Folder_WithAFault_SaysWhere(string metadata, string reason)
    {
        using var folder = new TemporaryFolder();
        Metadata(folder, "0", metadata);
        Picture(folder, "0/sample_0.png", 1);
        new PathfinderPng(3, 1, new byte[3]).Write(folder["imgs/0/wide.png"]);
        new PathfinderPng(3, 3, new byte[9]).Write(folder["imgs/0/large.png"]);
        File.WriteAllText(folder["imgs/0/broken.png"], "picture");
        Assert.Contains(reason, Refusal(folder));
    }

    [TestMethod]
    public void Folder_WithoutMetadata_SaysWhichToName()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("curv_contour_length_14", Refusal(folder));
    }

    private static string Refusal(TemporaryFolder folder) =>
        Assert.ThrowsExactly<DataFormatException>(() => PathfinderFolder.Read(folder.Path)).Message;

    private static void Metadata(TemporaryFolder folder, string batch, string text)
    {
        Directory.CreateDirectory(folder["metadata"]);
        File.WriteAllText(folder[$"metadata/{batch}.npy"], text);
    }

    private static void Picture(TemporaryFolder folder, string name, byte first) =>
        new PathfinderPng(2, 2, [first, 0, 0, 255]).Write(folder["imgs/" + name]);
}
