using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace Sequence.LongRangeArena;

/// <summary>The published results of the arena, and our own beside them.</summary>
public static class ArenaTable
{
    private const string ModelColumn = "model";
    private const string SourceColumn = "source";
    private const string Resource = "published.csv";
    private static readonly Lazy<IReadOnlyList<ArenaRow>> PublishedRows = new(ReadPublished);

    /// <summary>The published rows, each with its source, in the order of their time.</summary>
    public static IReadOnlyList<ArenaRow> Published => PublishedRows.Value;

    /// <summary>
    /// Our own rows: results of one model, preset, time budget, data and hardware are one row, with mean and spread over seeds.
    /// </summary>
    /// <param name="results">Results of finished runs.</param>
    public static IReadOnlyList<ArenaRow> Own(IEnumerable<ArenaResult> results) =>
    [
        .. from result in results
           group result by (
               result.Identity.Model, result.Identity.Preset, result.Identity.TimeBudgetSeconds, result.IsComparable, result.Hardware)
           into row
           orderby row.Key.Preset descending, row.Key.TimeBudgetSeconds
           select new ArenaRow(
               row.Key.Model,
               row.GroupBy(result => result.Identity.Task, StringComparer.Ordinal)
                   .ToDictionary(task => task.Key, task => Score([.. task]), StringComparer.Ordinal),
               Describe(row.Key.Preset, row.Key.TimeBudgetSeconds, row.Key.IsComparable, row.Key.Hardware),
               IsOwn: true,
               row.Key.IsComparable),
    ];

    /// <summary>
    /// How a result stands on its task: the published rows with a figure for it and the result's own, best first.
    /// </summary>
    /// <param name="result">The result.</param>
    public static IReadOnlyList<(ArenaRow Row, ArenaScore Score)> Place(ArenaResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var task = result.Identity.Task;
        return
        [
            .. Published.Concat(Own([result]))
                .Where(row => row.Scores.ContainsKey(task))
                .Select(row => (Row: row, Score: row.Scores[task]))
                .OrderByDescending(pair => pair.Score.Mean)
                .ThenBy(pair => pair.Row.IsOwn),
        ];
    }

    private static ArenaScore Score(IReadOnlyList<ArenaResult> seeds)
    {
        var mean = seeds.Average(seed => 100 * seed.Accuracy);
        double? spread = seeds.Count == 1
            ? null
            : Math.Sqrt(seeds.Sum(seed => Math.Pow((100 * seed.Accuracy) - mean, 2)) / (seeds.Count - 1));
        return new(mean, spread, seeds.Count);
    }

    private static string Describe(ArenaPreset preset, double? seconds, bool isComparable, string hardware)
    {
        var budget = seconds is { } limit ? string.Create(CultureInfo.InvariantCulture, $", {limit:0.#} s of training") : string.Empty;
        var remark = isComparable ? string.Empty : ", not the published task";
        return $"ours: preset {JsonNamingPolicy.KebabCaseLower.ConvertName(preset.ToString())}{budget}{remark}; {hardware}";
    }

    private static ArenaRow[] ReadPublished()
    {
        using var stream = typeof(ArenaTable).Assembly.GetManifestResourceStream(Resource)!;
        using var csv = CsvReader.Create(new StreamReader(stream), new CsvReaderOptions { HasHeader = false });
        csv.Read();
        string[] header = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
        var rows = new List<ArenaRow>();
        while (csv.Read())
        {
            var fields = header.Select((name, column) => (name, Text: csv.GetString(column)))
                .ToDictionary(field => field.name, field => field.Text, StringComparer.Ordinal);
            var scores = ArenaTasks.Published
                .Where(task => fields[task.Name].Length > 0)
                .ToDictionary(
                    task => task.Name,
                    task => new ArenaScore(double.Parse(fields[task.Name], CultureInfo.InvariantCulture)),
                    StringComparer.Ordinal);
            rows.Add(new(fields[ModelColumn], scores, fields[SourceColumn], IsOwn: false, IsComparable: true));
        }

        return [.. rows];
    }
}
