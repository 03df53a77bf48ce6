namespace Sequence.Reporting;

/// <summary>A measure over a grid of two parameters.</summary>
/// <param name="Measure">What was measured, as "Sharpe ratio".</param>
/// <param name="RowParameter">Name of the parameter that varies from row to row.</param>
/// <param name="ColumnParameter">Name of the parameter that varies from column to column.</param>
/// <param name="RowValues">Its values, as they are to be read.</param>
/// <param name="ColumnValues">Its values, as they are to be read.</param>
/// <param name="Values">[rows, columns]; NaN where a pair was not run or has none.</param>
public sealed record SweepSurface(
    string Measure,
    string RowParameter,
    string ColumnParameter,
    IReadOnlyList<string> RowValues,
    IReadOnlyList<string> ColumnValues,
    double[,] Values)
{
    /// <summary>A sentence below the map, as the deflated Sharpe ratio of the best of all trials; null for none.</summary>
    public string? Note { get; init; }
}
