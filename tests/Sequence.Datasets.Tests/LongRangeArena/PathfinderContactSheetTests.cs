namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderContactSheetTests
{
    /// <summary>
    /// The pictures in docs/images are what the generator draws now. Run with SEQUENCE_WRITE_IMAGES=1 to draw them anew, and look at
    /// them: in class 1 both discs lie on one dashed line, in class 0 on two.
    /// </summary>
    [TestMethod]
    [DataRow("pathfinder32.png", 32, 4)]
    [DataRow("path-x.png", 128, 2)]
    public void Sheet_InTheDocumentation_IsWhatTheGeneratorDraws(string name, int size, int zoom)
    {
        var options = size == 32 ? PathfinderOptions.Pathfinder32 : PathfinderOptions.PathX128;
        var sheet = PathfinderContactSheet.Draw(new PathfinderGenerator(options, 1), zoom);
        var path = Path.Combine(Repository(), "docs", "images", name);
        if (Environment.GetEnvironmentVariable("SEQUENCE_WRITE_IMAGES") == "1")
        {
            sheet.Write(path);
        }

        var committed = PathfinderPng.Read(path);
        Assert.AreEqual((sheet.Height, sheet.Width), (committed.Height, committed.Width));
        CollectionAssert.AreEqual(sheet.Pixels, committed.Pixels, $"{path} is not what the generator draws; see the remark above this test.");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
