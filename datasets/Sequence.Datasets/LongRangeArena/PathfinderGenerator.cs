using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// Draws images of the Pathfinder task: two long dashed snakes among short ones, and two discs on tips of the long ones. The
/// class is whether the discs lie on the same snake. An image is a function of options, seed and index alone.
/// <para>
/// The procedure is that of the original generator (Linsley and others, 2018), written anew. A snake grows paddle by paddle:
/// its pivot moves on by length + 2 margin, the head of the next paddle is drawn on the circle of radius length + margin
/// about it with a weight of cos(min(continuity turn, pi / 2))^2 (1 - mask widened by the margin), and the paddle is refused
/// where its own mask (the line widened by the margin) and the mask so far add up to 1.8 or more. The mask so far holds every
/// earlier paddle but the newest one of each snake that is still growing. A target snake that
/// finds no room starts both again; a distractor is tried again a few times and then left out.
/// </para>
/// <para>
/// As published, with snake contrast 2 and paddle contrast 0.75 a target snake is drawn at 1.5 and a distractor at 2; the
/// markers are drawn at 1, the brighter of two wins in each pixel, and the picture is scaled so that its brightest pixel is 255.
/// </para>
/// <para>
/// What the original leaves unchecked is left so here, for the images to be those of the published tables: the newest paddles of the
/// two target snakes may touch each other, and a distractor may touch the last paddle of the first target snake.
/// </para>
/// </summary>
public sealed class PathfinderGenerator
{
    private const float FreeUpTo = 0.3f;
    private const float OverlapLimit = 1.8f;
    private const double LeastWeight = 1e-4;
    private const double LeastAvailability = 0.01;
    private const int DrawsBeforeListing = 64;
    private const int HeadsBeforeListing = 8;
    private const int MostAttempts = 100_000;

    private readonly int _size;
    private readonly int _rim;
    private readonly int _stride;
    private readonly PathfinderPalette[] _palettes;
    private readonly PathfinderPicture _picture;
    private readonly float[] _emptyMask;
    private readonly Dictionary<PathfinderPalette, PathfinderPoint[][]> _firstRoom;
    private readonly ConcurrentBag<PathfinderWorkspace> _workspaces = [];

    /// <summary>Creates the generator.</summary>
    /// <param name="options">Parameters of the images.</param>
    /// <param name="seed">Another seed gives other images.</param>
    /// <exception cref="ConfigurationException">The options cannot be used.</exception>
    public PathfinderGenerator(PathfinderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Seed = seed;
        _size = options.Size;

        // A rim about the image holds what sticks out, so that no pixel has to be checked against the edge.
        _rim = Math.Max(PathfinderPicture.MarkerHalf(options), options.PaddleMargins.Max(margin => PathfinderPalette.Half(options, margin)));
        _stride = _size + (2 * _rim);
        _palettes = [.. options.PaddleMargins.Select(margin => new PathfinderPalette(options, margin, _stride))];
        _picture = new PathfinderPicture(options, _rim);
        _emptyMask = Framed(options.Padding);
        var centre = Framed(2 * options.SeedDistance);
        var room = new PathfinderPoint[_size * _size];
        _firstRoom = _palettes.ToDictionary(
            palette => palette,
            palette => palette.Cores.Select(core => room[..FindRoom(centre, 2 * options.SeedDistance, core, room)]).ToArray());
    }

    /// <summary>Parameters of the images.</summary>
    public PathfinderOptions Options { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>Draws one image. Safe on any number of threads at once.</summary>
    /// <param name="index">Its place in the data set, counted from 0.</param>
    /// <exception cref="ConfigurationException">The target snakes never find room with these options.</exception>
    public PathfinderImage Generate(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (!_workspaces.TryTake(out var work))
        {
            work = new PathfinderWorkspace(_stride, _size, _palettes.Max(palette => palette.Candidates.Length));
        }

        var image = Generate(index, work);
        _workspaces.Add(work);
        return image;
    }

    private PathfinderImage Generate(long index, PathfinderWorkspace work)
    {
        var random = new CounterRandom(Seed, (ulong)index);
        var label = random.NextInt(2);
        var palette = _palettes[random.NextInt(_palettes.Length)];
        _emptyMask.CopyTo(work.Mask, 0);
        var attempts = 0;
        PathfinderGrowth? first;
        PathfinderGrowth? second;
        while (!TryTargets(palette, work, random, out first, out second))
        {
            // Path-X takes hundreds of attempts: what one left in the mask is taken out, which is far less than the whole mask.
            first?.Erase(work.Mask, _emptyMask);
            second?.Erase(work.Mask, _emptyMask);
            if (++attempts == MostAttempts)
            {
                throw new ConfigurationException(
                    $"two snakes of {nameof(Options.ContourLength)} {Options.ContourLength} found no room in images of {_size} pixels: shorten them or enlarge the images.");
            }
        }

        // As in the original, the last paddle of the first snake is not part of the mask the distractors keep off.
        second.Commit(work.Mask);
        var distractors = Distractors(palette, work, random);

        PathfinderGrowth[] targets = [first, second];
        var origin = random.NextInt(2);
        var originMarker = targets[origin].Paddles[0].Tail;
        var terminalMarker = targets[label == 1 ? origin : 1 - origin].Paddles[^1].Head;
        var pixels = _picture.Draw(work.Image, [first, second, .. distractors], originMarker, terminalMarker);
        return new PathfinderImage(
            index,
            pixels,
            label,
            palette.Margin,
            [first.Paddles, second.Paddles],
            [.. distractors.Select(snake => snake.Paddles)],
            originMarker,
            terminalMarker,
            string.Create(
                CultureInfo.InvariantCulture,
                $"imgs/0 sample_{index}.png {index} {label} {Options.Continuity:0.0####} {Options.ContourLength} {Options.DistractorLength} {Options.PaddleLength} {Options.PaddleThickness:0.0####} {palette.Margin} {Options.PaddleContrasts.Count}"));
    }

    private bool TryTargets(
        PathfinderPalette palette,
        PathfinderWorkspace work,
        CounterRandom random,
        [NotNullWhen(true)] out PathfinderGrowth? first,
        [NotNullWhen(true)] out PathfinderGrowth? second)
    {
        second = null;

        // Each listed contrast stands twice in the urn the two snakes draw from.
        var contrasts = Options.SnakeContrasts;
        var firstDraw = random.NextInt(2 * contrasts.Count);
        var secondDraw = random.NextInt((2 * contrasts.Count) - 1);
        secondDraw += secondDraw >= firstDraw ? 1 : 0;
        var firstContrast = contrasts[firstDraw % contrasts.Count];
        var secondContrast = contrasts[secondDraw % contrasts.Count];

        if (!TryFirstSeed(palette, random, out first)
            || !TrySecondSeed(palette, first.Paddles[0].Tail, random, out second))
        {
            return false;
        }

        first.Paint(firstContrast * PaddleContrast(random));
        second.Paint(secondContrast * PaddleContrast(random));
        for (var paddle = 1; paddle < Options.ContourLength; paddle++)
        {
            var contrast = PaddleContrast(random);
            if (!TryExtend(palette, work, random, first, contrast * firstContrast)
                || !TryExtend(palette, work, random, second, contrast * secondContrast))
            {
                return false;
            }
        }

        return true;
    }

    private double PaddleContrast(CounterRandom random) => Options.PaddleContrasts[random.NextInt(Options.PaddleContrasts.Count)];

    private List<PathfinderGrowth> Distractors(PathfinderPalette palette, PathfinderWorkspace work, CounterRandom random)
    {
        var distractors = new List<PathfinderGrowth>(Options.DistractorSnakes);
        for (var snake = 0; snake < Options.DistractorSnakes; snake++)
        {
            for (var trial = 0; trial <= Options.MaximumDistractorRetrials; trial++)
            {
                work.Mask.CopyTo(work.Backup, 0);
                if (TryDistractor(palette, work, random, out var grown))
                {
                    distractors.Add(grown);
                    break;
                }

                work.Backup.CopyTo(work.Mask, 0);
            }
        }

        return distractors;
    }

    private bool TryDistractor(
        PathfinderPalette palette, PathfinderWorkspace work, CounterRandom random, [NotNullWhen(true)] out PathfinderGrowth? grown)
    {
        var contrasts = Options.SnakeContrasts;
        if (!TryDistractorSeed(palette, work, random, out grown))
        {
            return false;
        }

        grown.Paint(contrasts[random.NextInt(contrasts.Count)]);
        for (var paddle = 1; paddle < Options.DistractorLength; paddle++)
        {
            if (!TryExtend(palette, work, random, grown, contrasts[random.NextInt(contrasts.Count)]))
            {
                return false;
            }
        }

        grown.Commit(work.Mask);
        return true;
    }

    /// <summary>The first paddle of the first target snake, far from the rim.</summary>
    private bool TryFirstSeed(
        PathfinderPalette palette, CounterRandom random, [NotNullWhen(true)] out PathfinderGrowth? grown)
    {
        for (var trial = 0; trial <= Options.MaximumPaddleRetrials; trial++)
        {
            var direction = random.NextInt(PathfinderPalette.SeedDirections);
            var room = _firstRoom[palette][direction];
            if (room.Length == 0)
            {
                break;
            }

            if (TryStart(palette, direction, room[random.NextInt(room.Length)], out grown))
            {
                return true;
            }
        }

        grown = null;
        return false;
    }

    private bool TrySecondSeed(
        PathfinderPalette palette, PathfinderPoint other, CounterRandom random, [NotNullWhen(true)] out PathfinderGrowth? grown)
    {
        for (var trial = 0; trial <= Options.MaximumPaddleRetrials; trial++)
        {
            var direction = random.NextInt(PathfinderPalette.SeedDirections);
            var angle = random.NextInt(360) * Math.PI / 180;
            var tail = new PathfinderPoint(
                (int)Math.Round(other.Row + (Options.SeedDistance * Math.Sin(angle)), MidpointRounding.ToEven),
                (int)Math.Round(other.Column + (Options.SeedDistance * Math.Cos(angle)), MidpointRounding.ToEven));
            if (TryStart(palette, direction, tail, out grown))
            {
                return true;
            }
        }

        grown = null;
        return false;
    }

    /// <summary>The first paddle of a distractor, anywhere with room.</summary>
    private bool TryDistractorSeed(
        PathfinderPalette palette, PathfinderWorkspace work, CounterRandom random, [NotNullWhen(true)] out PathfinderGrowth? grown)
    {
        for (var trial = 0; trial <= Options.MaximumPaddleRetrials; trial++)
        {
            var direction = random.NextInt(PathfinderPalette.SeedDirections);
            if (CountFree(work.Mask) < LeastAvailability * _size * _size
                || !TryDrawRoom(work, palette.Cores[direction], random, out var tail))
            {
                break;
            }

            if (TryStart(palette, direction, tail, out grown))
            {
                return true;
            }
        }

        grown = null;
        return false;
    }

    /// <summary>One of all tails with room, each equally likely: by trial while room is plentiful, else by listing them.</summary>
    private bool TryDrawRoom(PathfinderWorkspace work, int[] core, CounterRandom random, out PathfinderPoint tail)
    {
        var frame = Options.Padding;
        var inner = _size - (2 * frame);
        for (var trial = 0; trial < DrawsBeforeListing; trial++)
        {
            tail = new PathfinderPoint(frame + random.NextInt(inner), frame + random.NextInt(inner));
            if (HasRoom(work.Mask, Place(tail.Row, tail.Column), core))
            {
                return true;
            }
        }

        var places = FindRoom(work.Mask, frame, core, work.Room);
        tail = places == 0 ? default : work.Room[random.NextInt(places)];
        return places > 0;
    }

    private int CountFree(float[] mask)
    {
        var free = 0;
        for (var row = 0; row < _size; row++)
        {
            foreach (var value in mask.AsSpan(Place(row, 0), _size))
            {
                free += value <= FreeUpTo ? 1 : 0;
            }
        }

        return free;
    }

    /// <summary>Lists all tails with room that keep off a frame.</summary>
    /// <returns>How many there are.</returns>
    private int FindRoom(float[] mask, int frame, int[] core, PathfinderPoint[] room)
    {
        var places = 0;
        for (var row = frame; row < _size - frame; row++)
        {
            for (var column = frame; column < _size - frame; column++)
            {
                if (HasRoom(mask, Place(row, column), core))
                {
                    room[places++] = new PathfinderPoint(row, column);
                }
            }
        }

        return places;
    }

    /// <summary>Whether the inner part of a first paddle's mask lies on free pixels.</summary>
    private static bool HasRoom(float[] mask, int anchor, int[] core)
    {
        foreach (var offset in core)
        {
            if (mask[anchor + offset] > FreeUpTo)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryStart(
        PathfinderPalette palette, int direction, PathfinderPoint tail, [NotNullWhen(true)] out PathfinderGrowth? grown)
    {
        var head = Sum(tail, palette.Ends[direction]);
        var pivot = Sum(head, palette.SeedPivots[direction]);
        grown = null;
        if (!IsInside(head) || !IsInside(pivot))
        {
            return false;
        }

        grown = new PathfinderGrowth(palette) { Pivot = pivot };
        grown.Add(tail, head, Place(tail.Row, tail.Column), direction);
        return true;
    }

    private bool TryExtend(PathfinderPalette palette, PathfinderWorkspace work, CounterRandom random, PathfinderGrowth grown, double contrast)
    {
        var mask = work.Mask;
        var pivot = Sum(grown.Pivot, palette.NextPivots[grown.Direction]);
        for (var trial = 0; trial <= Options.MaximumPaddleRetrials; trial++)
        {
            if (!TryDrawCandidate(palette, work, random, pivot, grown.Direction, out var candidate))
            {
                return false;
            }

            var head = Sum(pivot, palette.Candidates[candidate]);
            var anchor = Place(head.Row, head.Column);
            var direction = PathfinderPalette.SeedDirections + candidate;
            if (palette.Masks[direction].StaysUnder(OverlapLimit, mask, anchor))
            {
                grown.Commit(mask);
                grown.Pivot = pivot;
                grown.Add(Sum(head, palette.Ends[direction]), head, anchor, direction);
                grown.Paint(contrast);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A head drawn with the weight of its turn times what the widened mask leaves: by trial while there is room, else by listing.
    /// </summary>
    private bool TryDrawCandidate(
        PathfinderPalette palette, PathfinderWorkspace work, CounterRandom random, PathfinderPoint pivot, int direction, out int candidate)
    {
        var turns = palette.TurnSums[direction];
        for (var draw = 0; draw < HeadsBeforeListing; draw++)
        {
            candidate = Draw(turns, random);
            if (random.NextDouble() < Freedom(palette, work.Mask, pivot, candidate))
            {
                return true;
            }
        }

        var (total, before) = (0.0, 0.0);
        for (var place = 0; place < turns.Length; place++)
        {
            var weight = turns[place] - before;
            before = turns[place];
            total += weight > 0 ? weight * Freedom(palette, work.Mask, pivot, place) : 0;
            work.Sums[place] = total;
        }

        candidate = total < LeastWeight ? 0 : Draw(work.Sums.AsSpan(0, turns.Length), random);
        return total >= LeastWeight;
    }

    /// <summary>A place drawn with the weight by which the running sum grows there.</summary>
    private static int Draw(ReadOnlySpan<double> sums, CounterRandom random)
    {
        var drawn = random.NextDouble() * sums[^1];
        var place = 0;
        while (sums[place] <= drawn)
        {
            place++;
        }

        return place;
    }

    /// <summary>1 - the mask widened by the margin; 0 outside the image.</summary>
    private double Freedom(PathfinderPalette palette, float[] mask, PathfinderPoint pivot, int candidate)
    {
        var point = Sum(pivot, palette.Candidates[candidate]);
        if (!IsInside(point))
        {
            return 0;
        }

        var anchor = Place(point.Row, point.Column);
        var most = 0f;
        foreach (var offset in palette.Disc)
        {
            var value = mask[anchor + offset];
            most = value > most ? value : most;
        }

        return 1 - most;
    }

    /// <summary>A mask that is free but for a frame, which also fills the rim.</summary>
    private float[] Framed(int width)
    {
        var mask = new float[_stride * _stride];
        Array.Fill(mask, 1);
        for (var row = width; row < _size - width; row++)
        {
            mask.AsSpan(Place(row, width), _size - (2 * width)).Clear();
        }

        return mask;
    }

    private int Place(int row, int column) => ((row + _rim) * _stride) + column + _rim;

    private bool IsInside(PathfinderPoint point) => (uint)point.Row < (uint)_size && (uint)point.Column < (uint)_size;

    private static PathfinderPoint Sum(PathfinderPoint left, PathfinderPoint right) =>
        new(left.Row + right.Row, left.Column + right.Column);
}
