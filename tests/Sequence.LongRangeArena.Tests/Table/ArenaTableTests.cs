namespace Sequence.LongRangeArena.Tests.Table;

[TestClass]
public sealed class ArenaTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow("Transformer", 53.66, 54.39)]
    [DataRow("S4 (S4-LegS)", 86.09, 84.04)]
    [DataRow("Random", 36.67, 34.0)]
    [DataRow("Luna-256", 59.37, 61.24)]
    [DataRow("S5", 87.46, 85.24)]
    public void Averages_OfPublishedRows_AreThePublishedOnes(string model, double six, double five)
    {
        // Of the first column the papers' own; of the second the arena's README for the Transformer, else the five by hand.
        var row = ArenaTable.Published.Single(row => row.Model == model);
        Assert.AreEqual(six, row.AverageWithPathX!.Value, 0.011);
        Assert.AreEqual(five, row.AverageWithoutPathX!.Value, 0.011);
    }

    [TestMethod]
    public void Published_Rows_EachHaveASourceAndPlausibleScores()
    {
        Assert.IsGreaterThan(20, ArenaTable.Published.Count);
        foreach (var row in ArenaTable.Published)
        {
            Assert.IsGreaterThan(5, row.Source.Length);
            Assert.IsTrue(row.Scores.Values.All(score => score.Mean is >= 10 and < 100), row.Model);
            Assert.IsFalse(row.IsOwn);
        }
    }

    [TestMethod]
    public void Own_OfThreeSeeds_IsOneRowWithMeanAndSpread()
    {
        var rows = ArenaTable.Own(
        [
            Result("listops", 1, 0.30), Result("listops", 2, 0.34), Result("listops", 3, 0.38), Result("image", 1, 0.5),
            Result("listops", 1, 0.9, ArenaPreset.Paper),
        ]);
        Assert.HasCount(2, rows);
        var small = rows.Single(row => !row.IsComparable);
        Assert.AreEqual(34, small.Scores["listops"].Mean, 1e-9);
        Assert.AreEqual(4, small.Scores["listops"].Spread!.Value, 1e-9);
        Assert.AreEqual(3, small.Scores["listops"].Seeds);
        Assert.IsNull(small.Scores["image"].Spread);
        Assert.IsNull(small.AverageWithPathX);
        Assert.IsNull(small.AverageWithoutPathX);
        Assert.Contains("not the published task", small.Source);
        Assert.Contains("machine", small.Source);
    }

    [TestMethod]
    public void Place_OfAResult_IsAmongThePublishedRowsBestFirst()
    {
        var place = ArenaTable.Place(Result("listops", 1, 0.60));
        var own = place.ToList().FindIndex(row => row.Row.IsOwn);
        Assert.AreEqual(60, place[own].Score.Mean, 1e-9);
        Assert.IsGreaterThanOrEqualTo(60.0, place[own - 1].Score.Mean);
        Assert.IsLessThan(60.0, place[own + 1].Score.Mean);
        Assert.HasCount(1, ArenaTable.Place(Result("passages", 1, 0.60)));
    }

    [TestMethod]
    public void IsComparable_OfPaperRunsToTheEndOnTheOriginalData_Only()
    {
        Assert.IsTrue(Result("listops", 1, 0.5, ArenaPreset.Paper).IsComparable);
        Assert.IsFalse(Result("listops", 1, 0.5).IsComparable);
        Assert.IsFalse((Result("listops", 1, 0.5, ArenaPreset.Paper) with { IsOriginalData = false }).IsComparable);
        Assert.IsFalse((Result("listops", 1, 0.5, ArenaPreset.Paper) with { EndedBy = "time budget" }).IsComparable);
    }

    [TestMethod]
    [DataRow("lisops", "listops")]
    [DataRow("Path-Y", "path-x")]
    [DataRow("imag", "image")]
    public void Get_OfATaskMisspelt_NamesTheNearest(string given, string meant)
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => ArenaTasks.Get(given));
        Assert.Contains($"Did you mean '{meant}'?", error.Message);
    }

    [TestMethod]
    public void Get_OfAModelMisspelt_NamesTheNearestOrNone()
    {
        Assert.Contains("'performer'", Assert.ThrowsExactly<ConfigurationException>(() => ArenaModel.Get("perfomer")).Message);
        Assert.DoesNotContain("Did you mean", Assert.ThrowsExactly<ConfigurationException>(() => ArenaModel.Get("xxxxxxxxx")).Message);
        Assert.AreEqual("s4d", ArenaModel.Get("S4D").Name);
    }

    internal static ArenaResult Result(
        string task, ulong seed, double accuracy, ArenaPreset preset = ArenaPreset.Small) => new(
        new(task, "s4d", preset, seed, 10, null),
        accuracy,
        1,
        accuracy,
        3,
        10,
        "epochs",
        1000,
        60,
        [10, 10, 10],
        100,
        "made",
        IsOriginalData: true,
        "machine",
        "1.0",
        Noon);
}
