namespace Sequence.Datasets;

/// <summary>A snake as far as it has grown. Its newest paddle is not in the mask, or the next could not follow it.</summary>
internal sealed class PathfinderGrowth(PathfinderPalette palette)
{
    private readonly List<(int Anchor, int Direction)> _drawn = [];

    public List<PathfinderPaddle> Paddles { get; } = [];

    public PathfinderPoint Pivot { get; set; }

    public int Direction => _drawn[^1].Direction;

    public void Add(PathfinderPoint tail, PathfinderPoint head, int anchor, int direction)
    {
        Paddles.Add(new PathfinderPaddle(tail, head, palette.Angles[direction], 0));
        _drawn.Add((anchor, direction));
    }

    /// <summary>Gives the newest paddle its brightness.</summary>
    public void Paint(double contrast) => Paddles[^1] = Paddles[^1] with { Contrast = contrast };

    /// <summary>Puts the newest paddle into the mask.</summary>
    public void Commit(float[] mask) => palette.Masks[Direction].Lay(mask, _drawn[^1].Anchor);

    /// <summary>Takes all that was committed out of the mask.</summary>
    public void Erase(float[] mask, float[] empty)
    {
        foreach (var (anchor, direction) in _drawn.SkipLast(1))
        {
            foreach (var offset in palette.Masks[direction].Offsets)
            {
                mask[anchor + offset] = empty[anchor + offset];
            }
        }
    }

    public void Draw(float[] image)
    {
        for (var paddle = 0; paddle < Paddles.Count; paddle++)
        {
            palette.Lines[_drawn[paddle].Direction].Lay(image, _drawn[paddle].Anchor, (float)Paddles[paddle].Contrast);
        }
    }
}
