using System.Collections.Concurrent;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>
/// Versions on this node: archives of the store unpacked into folders named by their hash, and loaded. A folder appears whole
/// (written under another name, flushed, renamed); one that is damaged is fetched again. Thread-safe.
/// </summary>
internal sealed class VersionCache(IDocumentStore store, RegistryOptions options, string folder) : IDisposable
{
    public const string Kind = "model-version";

    private readonly ConcurrentDictionary<string, LoadedCheckpoint> _loaded = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1);

    /// <summary>Checks the files of a checkpoint and keeps them, here and in the store.</summary>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="DaemonException">They are no checkpoint that can be served.</exception>
    public async Task<LoadedCheckpoint> AddAsync(IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken)
    {
        var temporary = Unpack(files);
        LoadedCheckpoint checkpoint;
        try
        {
            checkpoint = LoadedCheckpoint.Open(temporary);
            Place(temporary, checkpoint.Version);
        }
        catch (SequenceException error) when (error is not DaemonException)
        {
            // Where it was unpacked is nothing to whom sent it.
            throw new DaemonException(
                DaemonFault.Invalid, $"This is no checkpoint that can be served: {error.Message.Replace(temporary, "its", StringComparison.Ordinal)}", error);
        }
        finally
        {
            Remove(temporary);
        }

        await PutAsync(checkpoint.Version, CheckpointArchive.Write(files), cancellationToken);
        return checkpoint;
    }

    /// <summary>Stores the archive again when it was deleted meanwhile.</summary>
    public Task EnsureAsync(string hash, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken) =>
        EnsureAsync(hash, CheckpointArchive.Write(files), cancellationToken);

    /// <summary>Stores the archive again when it was deleted meanwhile.</summary>
    public Task EnsureAsync(string hash, byte[] archive, CancellationToken cancellationToken) => PutAsync(hash, archive, cancellationToken);

    /// <summary>A version, ready to serve: its files are whole, it has run, and its outputs are those stored.</summary>
    /// <exception cref="DaemonException">It is not, and why.</exception>
    public async Task<LoadedCheckpoint> LoadAsync(ModelVersion version, CancellationToken cancellationToken = default)
    {
        if (_loaded.TryGetValue(version.Hash, out var ready))
        {
            return ready;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_loaded.TryGetValue(version.Hash, out ready))
            {
                return ready;
            }

            var checkpoint = await OpenAsync(version.Hash, cancellationToken);
            var fault = await Task.Run(
                () =>
                {
                    try
                    {
                        return SelfCheck.Fault(version.SelfCheck, SelfCheck.Compute(checkpoint));
                    }
                    catch (SequenceException error)
                    {
                        return error.Message;
                    }
                },
                cancellationToken);
            return fault is null ? _loaded.GetOrAdd(version.Hash, checkpoint) : throw new DaemonException(
                DaemonFault.Conflict,
                $"Version {version.Hash} fails its self-check on this machine: {fault}. It does not serve; register it anew or train again.");
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Deletes the archive of a version from the store.</summary>
    /// <returns>What was deleted; null when there was none, or another changed it meanwhile.</returns>
    public async Task<byte[]?> DeleteAsync(string hash, CancellationToken cancellationToken) =>
        await store.FindAsync(Kind, hash, cancellationToken) is { } document
            && await store.DeleteAsync(Kind, hash, document.Revision, cancellationToken) ? document.Body : null;

    /// <summary>Lets go of versions: from memory those that serve nothing, from the disk those of no model.</summary>
    public void Trim(IReadOnlySet<string> serving, IReadOnlySet<string> known)
    {
        foreach (var hash in _loaded.Keys.Where(hash => !serving.Contains(hash)))
        {
            _loaded.TryRemove(hash, out _);
        }

        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path) is { } name && name[0] != '.' && !known.Contains(name)))
        {
            Remove(path);
        }
    }

    /// <summary>Removes what writers that were killed left behind. Only while no other writer is at it.</summary>
    public void RemoveAbandoned()
    {
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateDirectories(folder, ".*"))
            {
                Remove(path);
            }
        }
    }

    public void Dispose() => _loading.Dispose();

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or there until the next start: it is in nobody's way.
        }
    }

    private async Task<LoadedCheckpoint> OpenAsync(string hash, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, hash);
        if (Directory.Exists(path))
        {
            try
            {
                return await OpenAsync(path, hash, cancellationToken);
            }
            catch (SequenceException)
            {
                // Damaged here; the store may have it whole.
                Remove(path);
            }
        }

        var archive = await store.FindAsync(Kind, hash, cancellationToken)
            ?? throw new DaemonException(DaemonFault.Conflict, $"The store has no archive of version {hash}; register it anew.");
        try
        {
            using var body = new MemoryStream(archive.Body, writable: false);
            var temporary = Unpack(CheckpointArchive.ReadTar(body, options.LargestVersion));
            try
            {
                var checkpoint = await OpenAsync(temporary, hash, cancellationToken);
                Place(temporary, hash);
                return checkpoint;
            }
            finally
            {
                Remove(temporary);
            }
        }
        catch (SequenceException error) when (error is not DaemonException { Fault: DaemonFault.Unavailable })
        {
            throw new DaemonException(DaemonFault.Conflict, $"The archive of version {hash} in the store is damaged: {error.Message} Register it anew.", error);
        }
    }

    private static async Task<LoadedCheckpoint> OpenAsync(string path, string hash, CancellationToken cancellationToken)
    {
        var checkpoint = await Task.Run(() => LoadedCheckpoint.Open(path), cancellationToken);
        return string.Equals(checkpoint.Version, hash, StringComparison.Ordinal)
            ? checkpoint
            : throw new DaemonException(DaemonFault.Conflict, $"The files are those of version {checkpoint.Version}.");
    }

    private async Task PutAsync(string hash, byte[] archive, CancellationToken cancellationToken)
    {
        // The same content may be there already, and may be damaged.
        while (await store.FindAsync(Kind, hash, cancellationToken) is var there
            && there?.Body.AsSpan().SequenceEqual(archive) != true
            && await store.PutAsync(Kind, hash, there?.Revision ?? 0, archive, cancellationToken) is null)
        {
        }
    }

    private string Unpack(IReadOnlyDictionary<string, byte[]> files)
    {
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(temporary);
            foreach (var (name, content) in files)
            {
                using var file = new FileStream(Path.Combine(temporary, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new DaemonException(DaemonFault.Unavailable, $"The data folder cannot be written at the moment: {error.Message}", error);
        }

        return temporary;
    }

    private void Place(string temporary, string hash)
    {
        var path = Path.Combine(folder, hash);
        try
        {
            Remove(path);
            Directory.Move(temporary, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            // Another was first; by its name it has the same content.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException(DaemonFault.Unavailable, $"The data folder cannot be written at the moment: {error.Message}", error);
        }
    }
}
