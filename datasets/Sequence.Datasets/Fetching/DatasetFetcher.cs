using System.IO.Compression;
using System.Security.Cryptography;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// Brings data sets into a folder: from a mirror, or else from their public addresses. Every file is checked against its
/// length and SHA-256 before it appears under its name, so a file is there whole and right or not at all.
/// </summary>
public sealed class DatasetFetcher
{
    /// <summary>Environment variable that names the mirror when none is given.</summary>
    public const string MirrorVariable = "SEQUENCE_DATA_MIRROR";

    private const string Advice =
        "It is damaged, cut short or another version. Nothing was written; replace it and try again.";

    private const int BufferLength = 1 << 16;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    private readonly string? _mirror;
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;

    /// <summary>Creates a fetcher.</summary>
    /// <param name="http">
    /// Client for the public addresses, which must not decompress by itself. The caller keeps and disposes it.
    /// </param>
    /// <param name="mirror">
    /// Folder laid out as data set / file. Null takes <see cref="MirrorVariable"/>; empty there too means no mirror.
    /// </param>
    /// <param name="timeout">Longest time for one download; null allows ten minutes.</param>
    /// <exception cref="ConfigurationException">The mirror is not a folder, or the timeout not positive.</exception>
    public DatasetFetcher(HttpClient http, string? mirror = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        _timeout = timeout ?? DefaultTimeout;
        mirror ??= Environment.GetEnvironmentVariable(MirrorVariable);
        _mirror = string.IsNullOrWhiteSpace(mirror) ? null : Path.GetFullPath(mirror);
        var faults = new List<string>();
        if (_mirror is not null && !Directory.Exists(_mirror))
        {
            faults.Add($"The mirror {_mirror} is not a folder. Correct --mirror or {MirrorVariable}.");
        }

        if (_timeout <= TimeSpan.Zero)
        {
            faults.Add($"The timeout is {_timeout}; give a positive time.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>Brings every file of a data set into a folder. Files that are there and right are kept.</summary>
    /// <param name="dataset">What to fetch.</param>
    /// <param name="directory">Target folder; it is made when missing.</param>
    /// <param name="progress">Told of each file when it stands.</param>
    /// <param name="cancellationToken">Stops between two blocks of bytes; what is finished stays.</param>
    /// <exception cref="DataFormatException">Bytes are not those of the catalogue; both digests are named.</exception>
    /// <exception cref="SequenceException">A file cannot be reached or written.</exception>
    public async Task<IReadOnlyList<FetchedFile>> FetchAsync(
        DatasetEntry dataset,
        string directory,
        IProgress<FetchedFile>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var fetched = new List<FetchedFile>();
        foreach (var file in dataset.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var one = await FetchAsync(file, Path.GetFullPath(directory), cancellationToken);
            fetched.Add(one);
            progress?.Report(one);
        }

        return fetched;
    }

    private async Task<FetchedFile> FetchAsync(DatasetFile file, string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, file.Path);
        var origin = FetchOrigin.Kept;
        if (!await IsRightAsync(path, file, cancellationToken))
        {
            var inMirror = _mirror is null ? null : Path.Combine(_mirror, file.Mirror.Location);
            if (inMirror is not null && File.Exists(inMirror))
            {
                origin = FetchOrigin.Mirror;
                await BringAsync(file, file.Mirror, path, () => Task.FromResult<Stream>(OpenMirror(inMirror)), inMirror, cancellationToken);
            }
            else if (file.Original is { } original)
            {
                origin = FetchOrigin.Web;
                await DownloadAsync(file, original, path, cancellationToken);
            }
            else
            {
                throw new SequenceException(
                    $"{file.Path} can only be had from a mirror: no public address serves these bytes (they come from " +
                    $"{file.Source}). " + (inMirror is null
                        ? $"Give --mirror DIR or set {MirrorVariable} to a folder that holds {file.Mirror.Location}."
                        : $"The mirror has no {inMirror}."));
            }
        }

        if (file.ArchiveFolder is not { } name)
        {
            return new FetchedFile(file, path, null, origin);
        }

        var folder = Path.Combine(directory, name);
        if (origin != FetchOrigin.Kept || !Directory.Exists(folder))
        {
            await Archive.UnpackAsync(path, folder, cancellationToken);
        }

        return new FetchedFile(file, path, folder, origin);
    }

    private async Task DownloadAsync(
        DatasetFile file, DatasetSource source, string path, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_timeout);
        try
        {
            using var response = await _http.GetAsync(
                new Uri(source.Location), HttpCompletionOption.ResponseHeadersRead, limited.Token);
            response.EnsureSuccessStatusCode();
            await BringAsync(
                file,
                source,
                path,
                () => response.Content.ReadAsStreamAsync(limited.Token),
                source.Location,
                limited.Token);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var reason = exception is OperationCanceledException ? $"not done within {_timeout}." : exception.Message;
            throw new SequenceException(
                $"{source.Location} cannot be fetched: {reason} Without a network, give --mirror DIR or set {MirrorVariable} " +
                $"to a folder that holds {file.Mirror.Location}.",
                exception);
        }
    }

    private static FileStream OpenMirror(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SequenceException($"{path}: the mirror's file cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes what a source holds, checked as stored there and once more after decompression.</summary>
    private static Task BringAsync(
        DatasetFile file,
        DatasetSource source,
        string path,
        Func<Task<Stream>> open,
        string where,
        CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            path,
            async target =>
            {
                await using var stream = await open();
                if (!source.IsGzip)
                {
                    await CopyAsync(stream, target, source.Bytes, source.Sha256, where, cancellationToken);
                    return;
                }

                // All compressed bytes are checked before a single one is decompressed.
                await using var packed = new FileStream(
                    Path.Combine(Path.GetDirectoryName(path)!, $".{file.Path}.{Guid.NewGuid():N}.gz.tmp"),
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    BufferLength,
                    FileOptions.DeleteOnClose);
                await CopyAsync(stream, packed, source.Bytes, source.Sha256, where, cancellationToken);
                packed.Position = 0;
                await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
                await CopyAsync(unpacked, target, file.Bytes, file.Sha256, $"{where} (decompressed)", cancellationToken);
            },
            createFolder: true);

    private static async Task CopyAsync(
        Stream source, Stream target, long bytes, string sha256, string where, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferLength];
        long total = 0;
        int read;
        while ((read = await ReadAsync(source, buffer, where, cancellationToken)) > 0)
        {
            total += read;
            if (total > bytes)
            {
                throw new DataFormatException($"longer than the {bytes} bytes of the catalogue. {Advice}", where);
            }

            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (total != bytes || !string.Equals(found, sha256, StringComparison.Ordinal))
        {
            throw new DataFormatException(
                $"{total} bytes with SHA-256 {found} found; the catalogue says {bytes} bytes with SHA-256 {sha256}. " +
                Advice,
                where);
        }
    }

    private static async Task<int> ReadAsync(
        Stream source, byte[] buffer, string where, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException($"cannot be decompressed: {exception.Message} {Advice}", where, null, null, exception);
        }
        catch (IOException exception)
        {
            throw new SequenceException(
                $"{where}: reading stopped half way: {exception.Message} Nothing was written; try again, or give --mirror DIR.",
                exception);
        }
    }

    private static async Task<bool> IsRightAsync(string path, DatasetFile file, CancellationToken cancellationToken)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length != file.Bytes)
        {
            return false;
        }

        try
        {
            await using var stream = info.OpenRead();
            var digest = await SHA256.HashDataAsync(stream, cancellationToken);
            return string.Equals(Convert.ToHexStringLower(digest), file.Sha256, StringComparison.Ordinal);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
