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
           orderby row.Key.Preset descending, row.Key.Model, row.Key.TimeBudgetSeconds
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
        using var csv = new CsvReader(new StreamReader(stream), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var rows = new List<ArenaRow>();
        while (csv.Read())
        {
            var scores = new Dictionary<string, ArenaScore>(StringComparer.Ordinal);
            foreach (var task in ArenaTasks.Published)
            {
                if (csv.GetField<double?>(task.Name) is { } accuracy)
                {
                    scores.Add(task.Name, new(accuracy));
                }
            }

            rows.Add(new(csv.GetField(ModelColumn)!, scores, csv.GetField(SourceColumn)!, IsOwn: false, IsComparable: true));
        }

        return [.. rows];
    }
}
