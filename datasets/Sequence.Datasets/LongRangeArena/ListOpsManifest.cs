using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>What a folder of generated ListOps files holds: enough to make it again and to see that nothing changed.</summary>
/// <param name="Options">The options it was made with.</param>
/// <param name="Seed">The seed it was made with.</param>
/// <param name="Digest">SHA-256 of options and seed, in lower-case hexadecimal.</param>
/// <param name="Files">The files that are finished, by name.</param>
public sealed record ListOpsManifest(
    ListOpsOptions Options, ulong Seed, string Digest, IReadOnlyDictionary<string, ListOpsManifestFile> Files)
{
    /// <summary>Name of the manifest in its folder.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The manifest of a folder before any file is finished.</summary>
    internal static ListOpsManifest Start(ListOpsOptions options, ulong seed) => new(
        options,
        seed,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"listops/1 {seed} {JsonSerializer.Serialize(options, Json)}"))),
        new Dictionary<string, ListOpsManifestFile>(StringComparer.Ordinal));

    /// <summary>Reads the manifest of a folder; null when there is none.</summary>
    /// <exception cref="DataFormatException">It is there but cannot be read.</exception>
    public static ListOpsManifest? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, FileName);
        try
        {
            var manifest = JsonSerializer.Deserialize<ListOpsManifest>(File.ReadAllBytes(path), Json);
            return manifest is { Options: not null, Digest: not null, Files: not null } &&
                manifest.Files.Values.All(file => file?.Sha256 is not null)
                ? manifest
                : throw new DataFormatException("the manifest lacks options, digest or files.", path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                $"the manifest cannot be read: {exception.Message} Delete the folder and make it again.", path, innerException: exception);
        }
    }

    /// <summary>Writes the manifest of a folder, whole or not at all.</summary>
    internal void Write(string folder) => AtomicFile.Write(
        Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, Json), createFolder: true);
}
