namespace Sequence.Datasets;

/// <summary>A pixel of a Pathfinder image.</summary>
/// <param name="Row">Counted from 0 at the top.</param>
/// <param name="Column">Counted from 0 at the left.</param>
public readonly record struct PathfinderPoint(int Row, int Column);
