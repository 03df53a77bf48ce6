using CsCheck;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PathfinderGeneratorTests
{
    private static readonly Lazy<PathfinderImage[]> Small = new(() => Images(PathfinderOptions.Pathfinder32, 400));

    private static readonly Lazy<PathfinderImage[]> Large = new(() => Images(PathfinderOptions.PathX128, 40));

    [TestMethod]
    [DataRow(32)]
    [DataRow(128)]
    public void Image_OfSeedAndIndex_IsTheSameForAnyOrderAndThreads(int size)
    {
        var options = size == 32 ? PathfinderOptions.Pathfinder32 : PathfinderOptions.PathX128;
        var images = size == 32 ? Small.Value : Large.Value;
        var again = new PathfinderGenerator(options, 5);
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
        {
            var image = again.Generate(19 - index);
            CollectionAssert.AreEqual(images[19 - index].Pixels, image.Pixels);
            Assert.AreEqual(images[19 - index].Metadata, image.Metadata);
        });
        CollectionAssert.AreNotEqual(images[0].Pixels, images[1].Pixels);
        CollectionAssert.AreNotEqual(images[0].Pixels, new PathfinderGenerator(options, 6).Generate(0).Pixels);
    }

    [TestMethod]
    public void Label_OfManyImages_IsBalanced()
    {
        var ones = Small.Value.Sum(image => image.Label);

        // A fair coin thrown 400 times: 200 with a standard deviation of 10.
        Assert.IsInRange(160, 240, ones);
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(128)]
    public void Markers_OfEveryImage_LieOnTheEndsOfOneSnakeExactlyWhenTheLabelIsOne(int size)
    {
        var origins = new HashSet<int>();
        foreach (var image in size == 32 ? Small.Value : Large.Value)
        {
            var origin = Array.FindIndex([.. image.Targets], snake => snake[0].Tail == image.OriginMarker);
            var terminals = Enumerable.Range(0, 2).Where(snake => image.Targets[snake][^1].Head == image.TerminalMarker).ToArray();
            Assert.Contains(image.Label == 1 ? origin : 1 - origin, terminals);
            Assert.IsTrue(terminals.Length == 1 || image.Targets[0][^1].Head == image.Targets[1][^1].Head);
            origins.Add(origin);
        }

        CollectionAssert.AreEquivalent(new[] { 0, 1 }, origins.ToArray());
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(128)]
    public void Snakes_OfEveryImage_HaveTheirPaddlesInOneDashedLine(int size)
    {
        var options = size == 32 ? PathfinderOptions.Pathfinder32 : PathfinderOptions.PathX128;
        foreach (var image in size == 32 ? Small.Value : Large.Value)
        {
            Assert.Contains(image.Margin, options.PaddleMargins);
            Assert.HasCount(2, image.Targets);
            Assert.IsInRange(0, options.DistractorSnakes, image.Distractors.Count);
            Assert.IsTrue(image.Targets.All(snake => snake.Count == 14));
            Assert.IsTrue(image.Distractors.All(snake => snake.Count == 4));
            Assert.IsTrue(image.Targets.SelectMany(snake => snake).All(
                paddle => paddle.Contrast == options.SnakeContrasts[0] * options.PaddleContrasts[0]));
            Assert.IsTrue(image.Distractors.SelectMany(snake => snake).All(paddle => paddle.Contrast == options.SnakeContrasts[0]));
            foreach (var snake in image.Targets.Concat(image.Distractors))
            {
                foreach (var paddle in snake)
                {
                    // Whole pixels: each coordinate of an end may be off by one.
                    Assert.IsInRange(options.PaddleLength - 1.5, options.PaddleLength + 1.5, Distance(paddle.Tail, paddle.Head));
                }

                foreach (var (paddle, next) in snake.Zip(snake.Skip(1)))
                {
                    Assert.IsInRange(0.0, (2 * image.Margin) + 2.9, Distance(paddle.Head, next.Tail));

                    // A turn beyond pi / (2 continuity) has a weight of zero.
                    var turn = Math.Abs(next.Orientation - paddle.Orientation);
                    Assert.IsLessThan(Math.PI / 2 / options.Continuity, Math.Min(turn, (2 * Math.PI) - turn));
                }
            }
        }

        // Most distractors find room.
        var placed = (size == 32 ? Small.Value : Large.Value).Average(image => image.Distractors.Count);
        Assert.IsInRange(0.85 * options.DistractorSnakes, options.DistractorSnakes, placed);
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(128)]
    public void Paddles_ThatAreCheckedAgainstEachOther_KeepTheirDistance(int size)
    {
        var length = (size == 32 ? PathfinderOptions.Pathfinder32 : PathfinderOptions.PathX128).PaddleLength;
        foreach (var image in size == 32 ? Small.Value : Large.Value)
        {
            // A line keeps out of the mask of another, which is that line widened by the margin. It is drawn to a whole fine pixel, up
            // to half a pixel off in rows and in columns.
            var least = image.Margin - 0.71;
            var (first, second) = (Lines(image.Targets[0], length), Lines(image.Targets[1], length));
            for (var one = 0; one < 14; one++)
            {
                for (var other = 0; other < 14; other++)
                {
                    // Not in the mask yet: the newest paddle of the other snake when this one grew.
                    if (one != other && one != other + 1)
                    {
                        Apart(first[one], second[other], least);
                    }

                    if (other > one + 1)
                    {
                        Apart(first[one], first[other], least);
                        Apart(second[one], second[other], least);
                    }
                }
            }

            // The last paddle of the first snake is never in the mask; the first of a distractor keeps off with its core only.
            var before = first.SkipLast(1).Concat(second).ToList();
            foreach (var distractor in image.Distractors.Select(snake => Lines(snake, length)))
            {
                foreach (var line in distractor.Skip(1))
                {
                    before.ForEach(earlier => Apart(earlier, line, least));
                }

                before.AddRange(distractor);
            }
        }

        static void Apart(Line one, Line other, double least) => Assert.IsGreaterThanOrEqualTo(least, Distance(one, other));
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(128)]
    public void Pixels_OfEveryImage_AreBrightOnLinesAndMarkersAndBlackElsewhere(int size)
    {
        var options = size == 32 ? PathfinderOptions.Pathfinder32 : PathfinderOptions.PathX128;
        foreach (var image in (size == 32 ? Small.Value : Large.Value).Take(10))
        {
            Assert.HasCount(size * size, image.Pixels);
            Assert.AreEqual(255, image.Pixels.Max());
            var lines = image.Targets.Concat(image.Distractors).SelectMany(snake => Lines(snake, options.PaddleLength)).ToArray();
            PathfinderPoint[] markers = [image.OriginMarker, image.TerminalMarker];
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                {
                    var point = new PathfinderPoint(row, column);
                    var toLine = lines.Min(line => ToLine(line, row, column));
                    var toMarker = markers.Min(marker => Distance(marker, point));
                    var pixel = image.Pixels[(row * size) + column];

                    // Lanczos' filter reaches three pixels.
                    if (toLine > 3.5 + (options.PaddleThickness / 2) && toMarker > 3.5 + options.MarkerRadius)
                    {
                        Assert.AreEqual(0, pixel);
                    }

                    // Nothing is drawn brighter than 2, so that a disc of brightness 1 has at least half of 255 where it is full.
                    if (toMarker <= options.MarkerRadius - 1)
                    {
                        Assert.IsGreaterThanOrEqualTo(size == 32 ? 120 : 240, pixel);
                    }
                }
            }

            foreach (var line in lines)
            {
                var (row, column) = ((int)(line.FromRow + line.ToRow) / 2, (int)(line.FromColumn + line.ToColumn) / 2);
                var near = from y in Enumerable.Range(row, 2)
                           from x in Enumerable.Range(column, 2)
                           select image.Pixels[(Math.Min(y, size - 1) * size) + Math.Min(x, size - 1)];
                Assert.IsGreaterThan(40, near.Max());
            }
        }
    }

    [TestMethod]
    public void Metadata_OfAnImage_HasTheOriginalColumns()
    {
        var image = Small.Value[3];
        Assert.AreEqual($"imgs/0 sample_3.png 3 {image.Label} 1.0 14 4 2 0.5 1 1", image.Metadata);
    }

    [TestMethod]
    public void Generator_OfOtherOptions_KeepsTheLaws() => Gen
        .Select(Gen.Int[40, 70], Gen.Int[2, 4], Gen.Int[3, 9], Gen.Double[0.8, 2], Gen.Int[0, 3], Gen.Int[0, 1_000_000])
        .Sample(
            (size, length, contour, continuity, distractors, index) =>
            {
                var options = new PathfinderOptions
                {
                    Size = size,
                    PaddleLength = length,
                    ContourLength = contour,
                    DistractorLength = 2,
                    Continuity = continuity,
                    DistractorSnakes = distractors,
                    SnakeContrasts = [0.5, 1],
                    PaddleContrasts = [1, 0.8, 0.6],
                    PaddleMargins = [1, 2],
                };
                var image = new PathfinderGenerator(options, 9).Generate(index);
                Assert.IsTrue(image.Targets.All(snake => snake.Count == contour));
                Assert.IsLessThanOrEqualTo(distractors, image.Distractors.Count);
                Assert.AreEqual(255, image.Pixels.Max());

                // Two snakes may end at the same pixel, for their newest paddles are not checked against each other.
                var ends = image.Targets.Select(snake => snake[^1].Head).ToHashSet();
                Assert.AreEqual(
                    image.Label == 1 || ends.Count == 1,
                    image.Targets.Any(snake => snake[0].Tail == image.OriginMarker && snake[^1].Head == image.TerminalMarker));
            },
            iter: 20,
            threads: 1);

    [TestMethod]
    public void Generator_WithoutRoomForItsSnakes_SaysWhatToDo()
    {
        var options = new PathfinderOptions { Size = 16, SeedDistance = 2, ContourLength = 40 };
        Assert.Contains(
            "shorten", Assert.ThrowsExactly<ConfigurationException>(() => new PathfinderGenerator(options, 1).Generate(0)).Message);
        Assert.ThrowsExactly<ConfigurationException>(() => new PathfinderGenerator(options with { Size = 0 }, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PathfinderGenerator(PathfinderOptions.Pathfinder32, 1).Generate(-1));
    }

    private static PathfinderImage[] Images(PathfinderOptions options, int count)
    {
        var generator = new PathfinderGenerator(options, 5);
        return [.. Enumerable.Range(0, count).Select(index => generator.Generate(index))];
    }

    private static double Distance(PathfinderPoint one, PathfinderPoint other) =>
        Math.Sqrt(Math.Pow(one.Row - other.Row, 2) + Math.Pow(one.Column - other.Column, 2));

    /// <summary>Where paddles lie: the first starts at its tail, each later one was drawn back from its head.</summary>
    private static Line[] Lines(IReadOnlyList<PathfinderPaddle> snake, int length) => [.. snake.Select((paddle, place) =>
    {
        var (rows, columns) = (length * Math.Sin(paddle.Orientation), length * Math.Cos(paddle.Orientation));
        return place == 0
            ? new Line(paddle.Tail.Row, paddle.Tail.Column, paddle.Tail.Row + rows, paddle.Tail.Column + columns)
            : new Line(paddle.Head.Row - rows, paddle.Head.Column - columns, paddle.Head.Row, paddle.Head.Column);
    })];

    /// <summary>Least distance of two lines: zero where they cross, else from an end of one to the other.</summary>
    private static double Distance(Line one, Line other)
    {
        var crosses = Side(one, other.FromRow, other.FromColumn) * Side(one, other.ToRow, other.ToColumn) < 0
            && Side(other, one.FromRow, one.FromColumn) * Side(other, one.ToRow, one.ToColumn) < 0;
        return crosses
            ? 0
            : Math.Min(
                Math.Min(ToLine(one, other.FromRow, other.FromColumn), ToLine(one, other.ToRow, other.ToColumn)),
                Math.Min(ToLine(other, one.FromRow, one.FromColumn), ToLine(other, one.ToRow, one.ToColumn)));

        static double Side(Line line, double row, double column) =>
            ((line.ToRow - line.FromRow) * (column - line.FromColumn)) - ((line.ToColumn - line.FromColumn) * (row - line.FromRow));
    }

    private static double ToLine(Line line, double row, double column)
    {
        var (rows, columns) = (line.ToRow - line.FromRow, line.ToColumn - line.FromColumn);
        var along = (((row - line.FromRow) * rows) + ((column - line.FromColumn) * columns)) / ((rows * rows) + (columns * columns));
        along = Math.Clamp(along, 0, 1);
        return Math.Sqrt(Math.Pow(row - line.FromRow - (along * rows), 2) + Math.Pow(column - line.FromColumn - (along * columns), 2));
    }

    private readonly record struct Line(double FromRow, double FromColumn, double ToRow, double ToColumn);
}
