using System.Text.Json.Serialization;

namespace Sequence.Datasets;

/// <summary>One file of a data set, as it stands after fetching.</summary>
/// <param name="Path">Name in the target folder. A single compressed file stands there uncompressed.</param>
/// <param name="Bytes">Length in bytes.</param>
/// <param name="Sha256">SHA-256 in lower-case hexadecimal.</param>
/// <param name="Mirror">Where a mirror holds it.</param>
/// <param name="Original">
/// A public address that serves these very bytes (perhaps compressed otherwise), or null when none is known: the file was
/// then put together from several, or repaired, and only a mirror has it.
/// </param>
/// <param name="Source">Where the data comes from, as documented.</param>
/// <param name="Licence">Terms of use, as far as they are known.</param>
/// <param name="Rows">Rows, records or images in it.</param>
/// <param name="Notes">What to know before using it.</param>
/// <param name="Timestamp">Column that holds the time, when there is one.</param>
/// <param name="Target">Column that is usually forecast, when there is one.</param>
public sealed record DatasetFile(
    string Path,
    long Bytes,
    string Sha256,
    DatasetSource Mirror,
    DatasetSource? Original,
    string Source,
    string Licence,
    int Rows,
    string Notes,
    string? Timestamp = null,
    string? Target = null)
{
    /// <summary>
    /// The folder, beside the file, into which an archive (.zip, .tar.gz) is unpacked; null for any other file.
    /// </summary>
    [JsonIgnore]
    public string? ArchiveFolder =>
        Path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) ? Path[..^".tar.gz".Length]
        : Path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Path[..^".zip".Length]
        : null;
}
