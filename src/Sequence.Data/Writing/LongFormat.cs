namespace Sequence.Data;

/// <summary>
/// The exchange format: one row for each series and timestamp, with the columns id, timestamp, value and then one for each
/// past, future and static covariate under its own name. Known-ahead rows of future covariates follow the last row of their
/// series with an empty value.
/// </summary>
public static class LongFormat
{
    /// <summary>The column of series identifiers.</summary>
    public const string Id = "id";

    /// <summary>The column of timestamps, in UTC.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The column of target values.</summary>
    public const string Value = "value";
}
