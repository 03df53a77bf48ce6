namespace Sequence.Datasets;

/// <summary>
/// Everything about paddles of one margin that does not depend on the image: their pictures and masks in every direction,
/// the ends a next paddle can have, and the weight of each turn. Direction d is d - 180 degrees for the first paddle of a snake
/// (0 to 359), and 360 + c for a paddle that ends at candidate c.
/// </summary>
internal sealed class PathfinderPalette
{
    public const int SeedDirections = 360;

    // Sums like 5 + 2 sin(30 degrees) are whole numbers up to rounding, which must not decide on the next pixel.
    private const double Rounding = 1e-9;

    private readonly PathfinderOptions _options;
    private readonly int _stride;
    private readonly int _half;

    public PathfinderPalette(PathfinderOptions options, int margin, int stride)
    {
        _options = options;
        _stride = stride;
        _half = Half(options, margin);
        Margin = margin;
        var reach = options.PaddleLength + margin;
        Candidates = CircleOf(reach);
        var count = SeedDirections + Candidates.Length;
        Angles = new double[count];
        Lines = new PathfinderStamp[count];
        Masks = new PathfinderStamp[count];
        Cores = new int[SeedDirections][];
        Ends = new PathfinderPoint[count];
        SeedPivots = new PathfinderPoint[SeedDirections];
        NextPivots = new PathfinderPoint[count];
        TurnSums = new double[count][];
        for (var direction = 0; direction < count; direction++)
        {
            var isSeed = direction < SeedDirections;
            var angle = isSeed
                ? (direction - 180) * Math.PI / 180
                : Math.Atan2(Candidates[direction - SeedDirections].Row, Candidates[direction - SeedDirections].Column);

            // The first paddle is drawn from its tail, every later one from its head back to where it came from.
            var drawn = isSeed ? angle : angle + Math.PI;
            Angles[direction] = angle;
            (Lines[direction], Masks[direction]) = Draw(drawn);
            Ends[direction] = isSeed ? Displacement(drawn, options.PaddleLength) : DrawnEnd(drawn);
            NextPivots[direction] = Displacement(angle, options.PaddleLength + (2 * margin));
            if (isSeed)
            {
                var mask = Masks[direction];
                Cores[direction] = [0, .. mask.Offsets.Where((offset, point) => offset != 0 && mask.Values[point] == 1)];
                SeedPivots[direction] = Displacement(angle + Math.PI, reach);
            }

            var sum = 0.0;
            TurnSums[direction] =
                [.. Candidates.Select(candidate => sum += TurnWeight(angle, Math.Atan2(candidate.Row, candidate.Column)))];
        }

        var disc = new List<int>();
        for (var row = -margin; row <= margin; row++)
        {
            for (var column = -margin; column <= margin; column++)
            {
                if ((row * row) + (column * column) <= margin * margin)
                {
                    disc.Add((row * stride) + column);
                }
            }
        }

        Disc = [.. disc];
    }

    public int Margin { get; }

    /// <summary>Where the head of a paddle can lie, relative to its pivot.</summary>
    public PathfinderPoint[] Candidates { get; }

    public double[] Angles { get; }

    public PathfinderStamp[] Lines { get; }

    /// <summary>Lines widened by the margin.</summary>
    public PathfinderStamp[] Masks { get; }

    /// <summary>The pixels fully inside the mask of a first paddle, relative to its tail, the tail itself first.</summary>
    public int[][] Cores { get; }

    /// <summary>The end a paddle is drawn to, relative to the one it is drawn from.</summary>
    public PathfinderPoint[] Ends { get; }

    /// <summary>The pivot of a first paddle relative to its head.</summary>
    public PathfinderPoint[] SeedPivots { get; }

    /// <summary>The next paddle's pivot relative to this one's.</summary>
    public PathfinderPoint[] NextPivots { get; }

    /// <summary>Running sums over the candidates after each direction of cos(min(continuity turn, pi / 2))^2.</summary>
    public double[][] TurnSums { get; }

    /// <summary>Places within the margin of a pixel, in the image's memory.</summary>
    public int[] Disc { get; }

    /// <summary>How far from the anchor the picture of a paddle can reach.</summary>
    public static int Half(PathfinderOptions options, int margin) =>
        options.PaddleLength + (int)Math.Ceiling(options.PaddleThickness) + margin;

    private static PathfinderPoint[] CircleOf(int radius)
    {
        // One sample for each pixel of arc, cut to whole pixels.
        var samples = (int)Math.Ceiling((2 * Math.PI * radius) - Rounding);
        var points = new HashSet<PathfinderPoint>();
        for (var sample = 0; sample < samples; sample++)
        {
            var angle = (double)sample / radius;
            points.Add(new PathfinderPoint(
                (int)Math.Floor((radius * Math.Sin(angle)) + Rounding), (int)Math.Floor((radius * Math.Cos(angle)) + Rounding)));
        }

        return [.. points.OrderBy(point => point.Row).ThenBy(point => point.Column)];
    }

    /// <summary>A step of a length in a direction, up to the next whole pixel.</summary>
    private static PathfinderPoint Displacement(double angle, double length) =>
        new((int)Math.Ceiling((length * Math.Sin(angle)) - Rounding), (int)Math.Ceiling((length * Math.Cos(angle)) - Rounding));

    /// <summary>The whole pixel nearest to where a line from the anchor ends.</summary>
    private PathfinderPoint DrawnEnd(double angle)
    {
        var scale = _options.AntialiasScale;
        var fine = Displacement(angle, _options.PaddleLength * scale);
        return new PathfinderPoint((int)Math.Round((double)fine.Row / scale), (int)Math.Round((double)fine.Column / scale));
    }

    private double TurnWeight(double from, double to)
    {
        var turn = Math.Abs(to - from);
        turn = Math.Min(turn, (2 * Math.PI) - turn);
        var cosine = Math.Cos(_options.Continuity * turn);
        return _options.Continuity * turn < Math.PI / 2 ? cosine * cosine : 0;
    }

    private (PathfinderStamp Line, PathfinderStamp Mask) Draw(double angle)
    {
        var scale = _options.AntialiasScale;
        var centre = _half * scale;
        var size = (2 * centre) + 1;
        var head = Displacement(angle, _options.PaddleLength * scale);
        var length = Math.Sqrt((head.Row * head.Row) + (head.Column * head.Column));
        var (sine, cosine) = (head.Row / length, head.Column / length);
        var thickness = Math.Round(_options.PaddleThickness * scale);

        // A line one pixel wide has one pixel for each step along its longer axis.
        var halfWidth = thickness == 1 ? Math.Max(Math.Abs(sine), Math.Abs(cosine)) / 2 : thickness / 2;
        var radius = Margin * scale;
        var line = new bool[size * size];
        var mask = new bool[size * size];
        for (var row = -centre; row <= centre; row++)
        {
            for (var column = -centre; column <= centre; column++)
            {
                var along = (row * sine) + (column * cosine);
                var across = (row * cosine) - (column * sine);
                if (along < -Rounding || along > length + Rounding || across <= Rounding - halfWidth || across > halfWidth + Rounding)
                {
                    continue;
                }

                line[((row + centre) * size) + column + centre] = true;
                for (var y = Math.Max(-centre, row - radius); y <= Math.Min(centre, row + radius); y++)
                {
                    for (var x = Math.Max(-centre, column - radius); x <= Math.Min(centre, column + radius); x++)
                    {
                        if (((y - row) * (y - row)) + ((x - column) * (x - column)) <= radius * radius)
                        {
                            mask[((y + centre) * size) + x + centre] = true;
                        }
                    }
                }
            }
        }

        return (PathfinderStamp.Reduce(line, size, _half, _stride), PathfinderStamp.Reduce(mask, size, _half, _stride));
    }
}
