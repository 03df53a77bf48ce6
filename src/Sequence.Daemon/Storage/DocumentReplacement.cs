namespace Sequence.Daemon.Storage;

/// <summary>Storing a document of which the last one holds, whoever wrote the one before.</summary>
internal static class DocumentReplacement
{
    private const int Attempts = 5;

    /// <summary>Stores a document in place of the one there is, if any.</summary>
    /// <param name="store">The store.</param>
    /// <param name="kind">What it is one of.</param>
    /// <param name="key">Its name among its kind.</param>
    /// <param name="revision">The revision that is thought to be stored, which saves looking for it; null when nothing is known of it.</param>
    /// <param name="body">Its content.</param>
    /// <param name="cancellationToken">Stops before an attempt.</param>
    /// <returns>Its new revision.</returns>
    /// <exception cref="DaemonException">The store cannot write, or others keep changing the document.</exception>
    public static async Task<long> ReplaceAsync(
        this IDocumentStore store, string kind, string key, long? revision, byte[] body, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            revision ??= (await store.FindAsync(kind, key, cancellationToken))?.Revision ?? 0;
            if (await store.PutAsync(kind, key, revision.Value, body, cancellationToken) is { } stored)
            {
                return stored;
            }

            revision = null;
        }

        throw new DaemonException(DaemonFault.Unavailable, $"The {kind} of '{key}' could not be stored: it keeps being changed by others.");
    }
}
