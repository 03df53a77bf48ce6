namespace Sequence.Datasets;

/// <summary>An image of the Pathfinder task with what was drawn on it.</summary>
/// <param name="Index">Place in the data set, counted from 0.</param>
/// <param name="Pixels">Brightness, row-major; the brightest pixel is 255.</param>
/// <param name="Label">1 where both markers lie on the same snake, else 0.</param>
/// <param name="Margin">Half the gap between paddles.</param>
/// <param name="Targets">The two target snakes, the paddles of each from its beginning.</param>
/// <param name="Distractors">The distractor snakes.</param>
/// <param name="OriginMarker">The disc on the first tip of a target snake.</param>
/// <param name="TerminalMarker">The disc on the last tip of a target snake.</param>
/// <param name="Metadata">The row of the original metadata: subpath, filename, number, label, continuity, contour length,
/// distractor length, paddle length, paddle thickness, margin, number of paddle contrasts.</param>
public sealed record PathfinderImage(
    long Index,
    byte[] Pixels,
    int Label,
    int Margin,
    IReadOnlyList<IReadOnlyList<PathfinderPaddle>> Targets,
    IReadOnlyList<IReadOnlyList<PathfinderPaddle>> Distractors,
    PathfinderPoint OriginMarker,
    PathfinderPoint TerminalMarker,
    string Metadata);
