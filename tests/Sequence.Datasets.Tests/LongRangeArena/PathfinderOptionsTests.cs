namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderOptionsTests
{
    // The parameters published with the Long Range Arena, and the original's defaults for the rest.
    [TestMethod]
    public void Pathfinder32_Described_HasThePublishedParameters() => Assert.AreEqual(
        "size=32 padding=1 antialias_scale=2 seed_distance=7 marker_radius=1.5 contour_length=14 distractor_length=4 "
        + "num_distractor_snakes=5 paddle_length=2 paddle_thickness=0.5 paddle_margin_list=[1] continuity=1 "
        + "snake_contrast_list=[2] paddle_contrast_list=[0.75] max_paddle_retrial=2 max_distractor_contour_retrial=4",
        PathfinderOptions.Pathfinder32.Describe());

    [TestMethod]
    public void PathX128_Described_HasThePublishedParameters() => Assert.AreEqual(
        "size=128 padding=1 antialias_scale=2 seed_distance=20 marker_radius=3 contour_length=14 distractor_length=4 "
        + "num_distractor_snakes=8 paddle_length=5 paddle_thickness=1.5 paddle_margin_list=[2,3] continuity=1.8 "
        + "snake_contrast_list=[0.9] paddle_contrast_list=[1] max_paddle_retrial=2 max_distractor_contour_retrial=4",
        PathfinderOptions.PathX128.Describe());

    [TestMethod]
    public void Validate_OfPresets_Passes()
    {
        PathfinderOptions.Pathfinder32.Validate();
        PathfinderOptions.PathX128.Validate();
    }

    [TestMethod]
    public void Validate_OfManyFaults_ListsAllByName()
    {
        var options = new PathfinderOptions
        {
            Size = 32,
            Padding = 0,
            AntialiasScale = 0,
            SeedDistance = 8,
            MarkerRadius = double.NaN,
            ContourLength = 1,
            DistractorLength = 0,
            DistractorSnakes = -1,
            PaddleLength = 1,
            PaddleThickness = 0.3,
            PaddleMargins = [],
            Continuity = 0,
            SnakeContrasts = [-1],
            PaddleContrasts = null!,
            MaximumPaddleRetrials = -1,
            MaximumDistractorRetrials = -1,
        };
        var faults = Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults;
        string[] names =
        [
            "Padding", "AntialiasScale", "SeedDistance", "MarkerRadius", "ContourLength", "DistractorLength", "DistractorSnakes", "PaddleLength",
            "PaddleThickness", "PaddleMargins", "Continuity", "SnakeContrasts", "PaddleContrasts", "MaximumPaddleRetrials",
            "MaximumDistractorRetrials",
        ];
        CollectionAssert.AreEquivalent(names, faults.Select(fault => fault.Split(' ')[0]).ToArray());
        Assert.Contains("Size", Assert.ThrowsExactly<ConfigurationException>((options with { Size = 7 }).Validate).Faults[0]);
    }
}
