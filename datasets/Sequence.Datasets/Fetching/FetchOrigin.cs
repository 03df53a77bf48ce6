namespace Sequence.Datasets;

/// <summary>Where a fetched file came from.</summary>
public enum FetchOrigin
{
    /// <summary>It was there already, with the right digest.</summary>
    Kept,

    /// <summary>It was copied from the mirror.</summary>
    Mirror,

    /// <summary>It was downloaded from its public address.</summary>
    Web,
}
