using System.Text.Json;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Watching;

/// <summary>
/// What was found to have drifted, kept as one document of the kind "drift" a series that holds its newest findings. Thread-safe.
/// </summary>
internal sealed class DriftLog(IDocumentStore documents)
{
    /// <summary>Findings kept of a series.</summary>
    public const int MostOfASeries = 16;

    private const string Kind = "drift";

    private Action<DriftFinding> _listeners = _ => { };

    /// <summary>Tells of each new finding once it is stored.</summary>
    /// <param name="listener">Must be short and not throw.</param>
    public void Listen(Action<DriftFinding> listener)
    {
        Action<DriftFinding> before;
        do
        {
            before = _listeners;
        }
        while (Interlocked.CompareExchange(ref _listeners, before + listener, before) != before);
    }

    /// <summary>The findings of a series, oldest first.</summary>
    public async Task<IReadOnlyList<DriftFinding>> OfAsync(string series, CancellationToken cancellationToken = default) =>
        await documents.FindAsync(Kind, series, cancellationToken) is { } document ? Read(document) : [];

    /// <summary>The findings of the series that have any, in the order of the series' identifiers.</summary>
    /// <param name="after">Only identifiers after this one; null from the first on.</param>
    /// <param name="limit">How many series at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<SeriesFindings>> ListAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        [.. (await documents.ListAsync(Kind, after, limit, cancellationToken)).Select(document => new SeriesFindings(document.Key, Read(document)))];

    /// <summary>Stores the findings of a series in place of those there were, and tells of the new ones.</summary>
    /// <exception cref="DaemonException">The store cannot write, or others keep changing the document.</exception>
    public async Task WriteAsync(string series, DriftFinding[] findings, IReadOnlyList<DriftFinding> added)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(findings, JsonSerializerOptions.Web);
        await documents.ReplaceAsync(Kind, series, revision: null, body);
        foreach (var finding in added)
        {
            _listeners(finding);
        }
    }

    private static DriftFinding[] Read(Document document) => JsonSerializer.Deserialize<DriftFinding[]>(document.Body, JsonSerializerOptions.Web)!;
}
