namespace Sequence.Data;

/// <summary>What to do about rows of one series with the same timestamp.</summary>
public enum DuplicatePolicy
{
    /// <summary>Refuse them, naming both rows.</summary>
    Error,

    /// <summary>Keep the row that comes first.</summary>
    KeepFirst,

    /// <summary>Keep the row that comes last.</summary>
    KeepLast,

    /// <summary>Keep one row with the mean of the known values of each column.</summary>
    Mean,
}
