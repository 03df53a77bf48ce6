using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Daemon.Storage;
using Sequence.Data;

namespace Sequence.Daemon;

/// <summary>
/// The keys of a daemon: keys.json in its data folder, which only its owner may read. It holds hashes, so a key that is lost
/// cannot be told again. Written whole or not at all; processes that change it take turns.
/// </summary>
public sealed class KeyFile
{
    private const string Beginning = "sequence_";
    private const int KeyBytes = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        MaxDepth = 6,
    };

    private readonly string _path;

    /// <summary>The keys of a data folder; nothing is read or made yet.</summary>
    /// <param name="dataDir">The data folder.</param>
    public KeyFile(string dataDir)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataDir);
        _path = System.IO.Path.Combine(dataDir, "keys.json");
    }

    internal string Path => _path;

    /// <summary>The keys, in the order they were made; none when there is no file.</summary>
    /// <exception cref="ConfigurationException">The file is broken, or others may write it.</exception>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows() &&
                (File.GetUnixFileMode(file.SafeFileHandle) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw new ConfigurationException($"The keys in {_path} can be changed by others than their owner; chmod 600 {_path}");
            }

            var document = JsonSerializer.Deserialize<Document>(file, Strict) ?? throw new JsonException("it is null");
            return Check(document);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Broken(error.Message);
        }
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">Who has it.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="clock">When it is.</param>
    /// <param name="cancellationToken">Stops the waiting for another process that changes the file.</param>
    /// <returns>The key itself, which is kept nowhere.</returns>
    /// <exception cref="ConfigurationException">The name is none or taken, the scopes are none, or the file is broken.</exception>
    public async Task<string> AddAsync(string name, KeyScopes scopes, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clock);
        List<string> faults = [];
        if (!SeriesName.IsValid(name))
        {
            faults.Add($"The name of a key is {SeriesName.Rule}.");
        }

        if (scopes is <= KeyScopes.None or > (KeyScopes.Read | KeyScopes.Write | KeyScopes.Admin))
        {
            faults.Add("A key needs scopes: read, write, admin, or several of them.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var key = Beginning + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        await ChangeAsync(
            keys => keys.Any(one => one.Name == name)
                ? throw new ConfigurationException($"There is a key '{name}' already; remove it first, or choose another name.")
                : [.. keys, new ApiKey(name, scopes, clock.GetUtcNow(), Convert.ToHexStringLower(Hash(key)))],
            clock,
            cancellationToken);
        return key;
    }

    /// <summary>Removes a key; a running daemon refuses it from its next request on.</summary>
    /// <param name="name">Who has it.</param>
    /// <param name="clock">When it is.</param>
    /// <param name="cancellationToken">Stops the waiting for another process that changes the file.</param>
    /// <returns>How many keys are left.</returns>
    /// <exception cref="ConfigurationException">There is no such key, or the file is broken.</exception>
    public Task<int> RemoveAsync(string name, TimeProvider clock, CancellationToken cancellationToken = default) => ChangeAsync(
        keys => keys.Where(one => one.Name != name).ToArray() is var left && left.Length < keys.Count
            ? left
            : throw new ConfigurationException(
                $"There is no key '{name}' in {_path}. {(keys.Count == 0 ? "There is none." : $"There are: {string.Join(", ", keys.Select(one => one.Name))}.")}"),
        clock,
        cancellationToken);

    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private async Task<int> ChangeAsync(
        Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>> change, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path))!;
        if (!Directory.Exists(folder))
        {
            throw new ConfigurationException($"There is no data folder {folder}; make it, or run the daemon once.");
        }

        await using var turn = await TakeTurnAsync(clock, cancellationToken);
        var keys = change(Read());
        try
        {
            await AtomicFile.WriteAsync(_path, async stream =>
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(((FileStream)stream).SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                await JsonSerializer.SerializeAsync(stream, Document.Of(keys), Strict, cancellationToken);
            });
        }
        catch (SequenceException error) when (error is not ConfigurationException)
        {
            throw new ConfigurationException(error.Message);
        }

        return keys.Count;
    }

    /// <summary>The lock is a file: the system lets go of it when its process dies. It tells nobody when, so it is asked again.</summary>
    private async Task<FileStream> TakeTurnAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Turn, clock, cancellationToken);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"The keys in {_path} cannot be changed: {error.Message}");
            }
        }
    }

    private List<ApiKey> Check(Document document)
    {
        List<ApiKey> keys = [];
        foreach (var entry in document.Keys)
        {
            var scopes = KeyScopes.None;
            foreach (var scope in entry.Scopes)
            {
                scopes |= scope switch
                {
                    "read" => KeyScopes.Read,
                    "write" => KeyScopes.Write,
                    "admin" => KeyScopes.Admin,
                    _ => throw Broken($"key '{entry.Name}' has the scope '{scope}', which is none of read, write and admin."),
                };
            }

            if (!SeriesName.IsValid(entry.Name) || keys.Exists(one => one.Name == entry.Name))
            {
                throw Broken($"the name '{entry.Name}' is given twice or is not {SeriesName.Rule}.");
            }

            if (entry.Hash.Length != 2 * SHA256.HashSizeInBytes || !entry.Hash.All(char.IsAsciiHexDigitLower))
            {
                throw Broken($"the hash of key '{entry.Name}' is not 64 digits of lower-case hex.");
            }

            keys.Add(new ApiKey(entry.Name, scopes, entry.Created, entry.Hash));
        }

        return keys;
    }

    private ConfigurationException Broken(string reason) => new(
        $"The keys in {_path} cannot be used: {reason} Put a backup in its place, or delete it and make new keys with sequence daemon key add.");

    private sealed record Document(Entry[] Keys)
    {
        public static Document Of(IEnumerable<ApiKey> keys) => new(
            [.. keys.Select(one => new Entry(one.Name, Names(one.Scopes), one.Created, one.Hash))]);

        private static string[] Names(KeyScopes scopes) =>
            [.. Enum.GetValues<KeyScopes>().Where(one => one != KeyScopes.None && scopes.HasFlag(one)).Select(one => one.ToString().ToLowerInvariant())];
    }

    private sealed record Entry(string Name, string[] Scopes, DateTimeOffset Created, string Hash);
}
