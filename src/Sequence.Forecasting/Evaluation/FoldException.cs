namespace Sequence.Forecasting;

/// <summary>
/// A fold of a rolling-origin evaluation that failed, with what is whole before it. The exception behind it says why.
/// </summary>
public sealed class FoldException : SequenceException
{
    internal FoldException(FoldFault fault, ForecastTable finished)
        : base(
            $"Fold {fault.Fold} (origin {fault.Origin:u}{(fault.SeriesId is { } id ? $", series '{id}'" : string.Empty)}) failed: " +
            fault.InnerException!.Message,
            fault.InnerException)
    {
        Fold = fault.Fold;
        Origin = fault.Origin;
        SeriesId = fault.SeriesId;
        Finished = finished;
    }

    /// <summary>Number of the fold, from 0; of several that failed, the first.</summary>
    public int Fold { get; }

    /// <summary>Timestamp of its last training row.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>The series whose forecast failed; null where the fit did, which may be of several.</summary>
    public string? SeriesId { get; }

    /// <summary>The forecasts of all folds before it.</summary>
    public ForecastTable Finished { get; }
}
