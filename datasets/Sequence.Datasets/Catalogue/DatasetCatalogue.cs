using System.Text.Json;

namespace Sequence.Datasets;

/// <summary>The public data sets that can be fetched: names, addresses, digests, terms and citations.</summary>
public static class DatasetCatalogue
{
    private const int NearNames = 3;

    private static readonly Lazy<IReadOnlyList<DatasetEntry>> Entries = new(Read);

    /// <summary>Every data set, by name.</summary>
    public static IReadOnlyList<DatasetEntry> All => Entries.Value;

    /// <summary>The data set of this name; <c>name/file</c> gives the data set cut down to one file.</summary>
    /// <exception cref="ConfigurationException">There is none; the message says which names come near.</exception>
    public static DatasetEntry Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Split('/', 2);
        var wanted = Normalise(parts[0]);
        var entry = All.FirstOrDefault(entry => string.Equals(entry.Name, wanted, StringComparison.Ordinal));
        if (entry is null)
        {
            var near = All.Select(candidate => candidate.Name)
                .OrderBy(candidate => candidate.Contains(wanted, StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(candidate => Distance(candidate, wanted))
                .Take(NearNames);
            throw new ConfigurationException(
                $"There is no data set '{parts[0]}'. Near to it: {string.Join(", ", near)}. " +
                "'sequence data list' shows them all.");
        }

        return parts.Length == 1 ? entry : entry.Only(parts[1]);
    }

    private static string Normalise(string name) => name.Trim().Replace('_', '-').ToLowerInvariant();

    private static DatasetEntry[] Read()
    {
        using var stream = typeof(DatasetCatalogue).Assembly.GetManifestResourceStream("catalogue.json")!;
        return JsonSerializer.Deserialize<DatasetEntry[]>(stream, JsonSerializerOptions.Web)!;
    }

    /// <summary>Edits that turn one name into the other (Levenshtein).</summary>
    private static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
