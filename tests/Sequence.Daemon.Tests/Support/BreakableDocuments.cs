using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests;

/// <summary>The daemon's documents, of which can be said that they cannot be reached.</summary>
internal sealed class BreakableDocuments(IDocumentStore inner) : IDocumentStore
{
    public bool IsAway { get; set; }

    /// <summary>Done before a document of a kind is deleted; null for nothing.</summary>
    public Func<string, Task>? BeforeDelete { get; set; }

    /// <summary>Puts itself before the documents of a daemon that is being built.</summary>
    public static BreakableDocuments Replace(IServiceCollection services)
    {
        var documents = new BreakableDocuments((IDocumentStore)services.Last(one => one.ServiceType == typeof(IObservationStore)).ImplementationInstance!);
        services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(documents));
        return documents;
    }

    public Task<long?> PutAsync(string kind, string key, long revision, byte[] body, CancellationToken cancellationToken = default) =>
        Inner().PutAsync(kind, key, revision, body, cancellationToken);

    public async Task<bool> DeleteAsync(string kind, string key, long revision, CancellationToken cancellationToken = default)
    {
        if (BeforeDelete is { } before)
        {
            await before(kind);
        }

        return await Inner().DeleteAsync(kind, key, revision, cancellationToken);
    }

    public Task<Document?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        Inner().FindAsync(kind, key, cancellationToken);

    public Task<IReadOnlyList<Document>> ListAsync(string kind, string? after, int limit, CancellationToken cancellationToken = default) =>
        Inner().ListAsync(kind, after, limit, cancellationToken);

    private IDocumentStore Inner() => IsAway ? throw new DaemonException(DaemonFault.Unavailable, "The documents are away.") : inner;
}
