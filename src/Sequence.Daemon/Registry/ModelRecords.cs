using System.Text.Json;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>The models in the store. Of changes made at one time by several nodes each is made on the result of the other.</summary>
internal sealed class ModelRecords(IDocumentStore store)
{
    public const string Kind = "model";

    private const int Page = 100;
    private const int Attempts = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A model, or null when there is none.</summary>
    public async Task<ModelRecord?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        await store.FindAsync(Kind, name, cancellationToken) is { } document ? Read(document) : null;

    /// <summary>A model.</summary>
    /// <exception cref="DaemonException">There is none.</exception>
    public async Task<ModelRecord> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken) ?? throw Missing(name);

    /// <summary>All models in the order of their names.</summary>
    public async Task<List<ModelRecord>> ListAsync(CancellationToken cancellationToken = default)
    {
        List<ModelRecord> all = [];
        IReadOnlyList<Document> page;
        do
        {
            page = await store.ListAsync(Kind, all.Count == 0 ? null : all[^1].Name, Page, cancellationToken);
            all.AddRange(page.Select(Read));
        }
        while (page.Count == Page);

        return all;
    }

    /// <summary>Changes a model; makes it when it is missing and <paramref name="create"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">May be called several times; what it throws ends the change.</param>
    /// <param name="create">Whether a missing model is made.</param>
    /// <param name="cancellationToken">Stops between two attempts.</param>
    /// <returns>The model as stored.</returns>
    public async Task<ModelRecord> ChangeAsync(
        string name, Func<ModelRecord, ModelRecord> change, bool create = false, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var old = await FindAsync(name, cancellationToken) ?? (create ? new ModelRecord(name) : throw Missing(name));
            var changed = change(old);
            if (ReferenceEquals(old, changed) && old.Revision > 0)
            {
                return old;
            }

            if (await store.PutAsync(Kind, name, old.Revision, JsonSerializer.SerializeToUtf8Bytes(changed, Json), cancellationToken) is { } revision)
            {
                return changed with { Revision = revision };
            }
        }

        throw new DaemonException(DaemonFault.Unavailable, $"Model '{name}' is being changed by too many at one time; send it again later.");
    }

    private static ModelRecord Read(Document document) =>
        JsonSerializer.Deserialize<ModelRecord>(document.Body, Json)! with { Revision = document.Revision };

    private static DaemonException Missing(string name) =>
        new(DaemonFault.NotFound, $"There is no model '{name}'. Register a version first: PUT /models/{name}/versions.");
}
