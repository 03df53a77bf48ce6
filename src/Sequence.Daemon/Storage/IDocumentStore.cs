namespace Sequence.Daemon.Storage;

/// <summary>
/// What the daemon keeps beside the series: documents of a kind, each replaced as a whole and only by who knows its
/// revision, so that of several who change one at the same time one succeeds. Durable, thread-safe and failing like
/// <see cref="IObservationStore"/>.
/// </summary>
internal interface IDocumentStore
{
    /// <summary>Stores a document.</summary>
    /// <param name="kind">What it is one of.</param>
    /// <param name="key">Its name among its kind.</param>
    /// <param name="revision">The revision it replaces; 0 when there must be none yet.</param>
    /// <param name="body">Its content.</param>
    /// <param name="cancellationToken">Stops the waiting for a place; what has begun is done.</param>
    /// <returns>Its new revision; null when the stored revision is another, and nothing was changed.</returns>
    Task<long?> PutAsync(string kind, string key, long revision, byte[] body, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document of this revision; false when the stored revision is another or there is none.</summary>
    Task<bool> DeleteAsync(string kind, string key, long revision, CancellationToken cancellationToken = default);

    /// <summary>A document, or null when there is none.</summary>
    Task<Document?> FindAsync(string kind, string key, CancellationToken cancellationToken = default);

    /// <summary>Documents of a kind in the ordinal order of their keys.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="after">Only keys after this one; null from the first on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<Document>> ListAsync(string kind, string? after, int limit, CancellationToken cancellationToken = default);
}
