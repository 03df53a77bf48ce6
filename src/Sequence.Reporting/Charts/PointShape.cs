namespace Sequence.Reporting;

/// <summary>How a point is drawn.</summary>
public enum PointShape
{
    /// <summary>A dot about the point.</summary>
    Dot,

    /// <summary>A triangle below that points up at it, as of a purchase.</summary>
    Up,

    /// <summary>A triangle above that points down at it, as of a sale.</summary>
    Down,
}
