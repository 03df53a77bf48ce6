namespace Sequence.Forecasting;

/// <summary>What is kept of a fold.</summary>
internal sealed record FinishedFold(int Index, bool Fitted, IReadOnlyList<ForecastRow> Rows);
