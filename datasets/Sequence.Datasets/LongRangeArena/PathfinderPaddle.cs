namespace Sequence.Datasets;

/// <summary>One dash of a snake.</summary>
/// <param name="Tail">Its end nearer to the beginning of the snake.</param>
/// <param name="Head">Its other end.</param>
/// <param name="Orientation">Direction from tail to head, radians, from the columns' axis towards the rows'.</param>
/// <param name="Contrast">Brightness.</param>
public readonly record struct PathfinderPaddle(PathfinderPoint Tail, PathfinderPoint Head, double Orientation, double Contrast);
