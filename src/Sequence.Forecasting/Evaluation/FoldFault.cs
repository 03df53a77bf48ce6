namespace Sequence.Forecasting;

/// <summary>Carries a failure and its place from a fold to the end of the walk.</summary>
internal sealed class FoldFault(int fold, DateTimeOffset origin, string? seriesId, Exception inner)
    : Exception(inner.Message, inner)
{
    public int Fold => fold;

    public DateTimeOffset Origin => origin;

    public string? SeriesId => seriesId;
}
