namespace Sequence.Data;

/// <summary>Values at strictly increasing times that follow no grid, as a file holds them.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Timestamps">UTC, strictly increasing.</param>
/// <param name="Columns">Values by column, NaN where missing; [timestamps] each.</param>
/// <param name="Lines">Line or row of the file each came from, counted from 1.</param>
public sealed record UnevenSeries(
    string Id, DateTimeOffset[] Timestamps, IReadOnlyDictionary<string, double[]> Columns, IReadOnlyList<long> Lines);
