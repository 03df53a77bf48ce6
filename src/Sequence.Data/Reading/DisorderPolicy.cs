namespace Sequence.Data;

/// <summary>What to do about rows whose timestamp lies before that of the row above.</summary>
public enum DisorderPolicy
{
    /// <summary>Refuse them, naming both rows.</summary>
    Error,

    /// <summary>Sort by timestamp; rows with equal timestamps keep their order.</summary>
    Sort,
}
