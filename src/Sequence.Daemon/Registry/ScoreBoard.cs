using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>Pairs of errors in the store: a document for each model, version and series.</summary>
internal sealed class ScoreBoard(IDocumentStore store)
{
    private const string Kind = "score";
    private const int Page = 500;

    /// <summary>The pairs of a series; null when there are none.</summary>
    public async Task<(ShadowScores Scores, long Revision)?> FindAsync(string model, string hash, string series, int most) =>
        await store.FindAsync(Kind, Key(model, hash, series)) is { } document ? (ShadowScores.Read(document.Body, most), document.Revision) : null;

    /// <summary>Stores the pairs of a series.</summary>
    /// <returns>The new revision; null when another node stored some meanwhile, and nothing was stored.</returns>
    public Task<long?> PutAsync(string model, string hash, string series, long revision, ShadowScores scores) =>
        store.PutAsync(Kind, Key(model, hash, series), revision, scores.Write());

    /// <summary>The pairs of every series of a version, where they are of this champion.</summary>
    public async Task<IReadOnlyList<IReadOnlyCollection<ScorePair>>> ReadAsync(
        string model, string hash, string? champion, CancellationToken cancellationToken)
    {
        List<IReadOnlyCollection<ScorePair>> all = [];
        await foreach (var document in DocumentsAsync(model, hash, cancellationToken))
        {
            var scores = ShadowScores.Read(document.Body);
            if (string.Equals(scores.Champion, champion, StringComparison.Ordinal))
            {
                all.Add(scores.Pairs);
            }
        }

        return all;
    }

    /// <summary>Deletes the pairs of a version.</summary>
    public async Task DeleteAsync(string model, string hash, CancellationToken cancellationToken)
    {
        await foreach (var document in DocumentsAsync(model, hash, cancellationToken))
        {
            await store.DeleteAsync(Kind, document.Key, document.Revision, cancellationToken);
        }
    }

    private static string Key(string model, string hash, string series) => $"{model}/{hash}/{series}";

    private async IAsyncEnumerable<Document> DocumentsAsync(
        string model, string hash, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = Key(model, hash, string.Empty);
        var after = prefix;
        while (true)
        {
            var page = await store.ListAsync(Kind, after, Page, cancellationToken);
            foreach (var document in page)
            {
                if (!document.Key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield break;
                }

                yield return document;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }
}
