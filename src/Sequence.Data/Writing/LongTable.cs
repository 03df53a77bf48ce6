namespace Sequence.Data;

/// <summary>A panel laid out in the long format: columns of equal length.</summary>
internal sealed record LongTable(
    List<string> Ids, List<DateTimeOffset> Timestamps, IReadOnlyList<string> Names, IReadOnlyList<List<double>> Columns)
{
    /// <exception cref="ConfigurationException">
    /// The series differ in their covariates, or a covariate's name is taken.
    /// </exception>
    public static LongTable From(Panel panel)
    {
        var names = panel.Count == 0 ? [LongFormat.Value] : ColumnNames(panel[0]);
        List<string> faults = [];
        faults.AddRange(names.Append(LongFormat.Id).Append(LongFormat.Timestamp)
            .CountBy(name => name, StringComparer.Ordinal).Where(pair => pair.Value > 1)
            .Select(pair => $"Two columns would be called '{pair.Key}'. Rename the covariate."));
        faults.AddRange(panel.Where(series => !ColumnNames(series).SequenceEqual(names, StringComparer.Ordinal))
            .Select(series => $"Series '{series.Id}' has other covariates than series '{panel[0].Id}'; one table needs the same."));
        ConfigurationException.ThrowIfAny(faults);

        var table = new LongTable([], [], names, [.. names.Select(_ => new List<double>())]);
        foreach (var series in panel)
        {
            table.Add(series);
        }

        return table;
    }

    private static List<string> ColumnNames(TimeSeries series) =>
    [
        LongFormat.Value, .. series.PastCovariates.Keys, .. series.FutureCovariates.Keys, .. series.StaticCovariates.Keys,
    ];

    private void Add(TimeSeries series)
    {
        var rows = series.FutureCovariates.Values.Select(column => column.Length).Append(series.Length).Max();
        var ahead = rows > series.Length ? series.FutureTimestamps(rows - series.Length) : [];
        Timestamps.AddRange([.. series.Timestamps.Span, .. ahead]);
        Ids.AddRange(Enumerable.Repeat(series.Id, rows));
        var column = 0;
        foreach (var values in series.PastCovariates.Values.Prepend(series.Values).Concat(series.FutureCovariates.Values))
        {
            Columns[column].AddRange(values.Span);
            Columns[column++].AddRange(Enumerable.Repeat(double.NaN, rows - values.Length));
        }

        foreach (var value in series.StaticCovariates.Values)
        {
            Columns[column++].AddRange(Enumerable.Repeat(value, rows));
        }
    }
}
